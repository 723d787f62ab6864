// The house has floors: who may import whom, and what only one room may touch.
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type SourceFile, sourcesOf } from './kit/imports.ts'

/** Lowest first. */
const floors = [
  ['model'],
  ['text', 'shell', 'template'],
  ['task', 'inventory'],
  ['playbook', 'transport', 'journal', 'report'],
  ['plan'],
  ['engine'],
  ['cli'],
]

/** Doors between rooms of one floor: templates have places in texts, and both have patterns of their authors. */
const doors = new Set(['template → text', 'shell → text'])

const src = sourcesOf('src')
const tasks = sourcesOf('tasks')
const lab = sourcesOf('lab')

const floorOf = (folder: string): number => floors.findIndex(rooms => rooms.includes(folder))

const folderOf = (path: string): string => path.split('/')[1] ?? ''

const mayImport = (from: string, to: string): boolean =>
  from === to || floorOf(to) < floorOf(from) || doors.has(`${from} → ${to}`)

const importsWhere = (files: readonly SourceFile[], isWrong: (target: string, from: string) => boolean) =>
  files.flatMap(({ path, imports }) =>
    imports.filter(({ target }) => isWrong(target, path)).map(({ target }) => `${path} imports ${target}`),
  )

const filesWith = (files: readonly SourceFile[], pattern: RegExp) =>
  files.filter(({ code }) => pattern.test(code)).map(({ path }) => path)

describe('the reader of imports', () => {
  it('sees what is known to be there: static, for types, re-exported, dynamic', () => {
    const importsOf = (path: string) => [...src, ...tasks].find(file => file.path === path)?.imports
    expect(importsOf('src/task/task.ts')).toContainEqual({ target: 'src/model/answer.ts', isType: true })
    expect(importsOf('src/task/index.ts')).toContainEqual({ target: 'zod', isType: false })
    expect(importsOf('src/task/index.ts')).toContainEqual({ target: 'src/task/kinds/index.ts', isType: false })
    expect(importsOf('tasks/agents-test.ts')).toContainEqual({ target: '#task', isType: false })
    expect(importsOf('src/cli/lab.ts')).toContainEqual({ target: 'lab/index.ts', isType: true })
  })
})

describe('the floors of src/', () => {
  it('has a floor for every folder', () => {
    expect([...new Set(src.map(({ path }) => folderOf(path)))].filter(folder => floorOf(folder) < 0)).toEqual([])
  })

  it('imports only from floors below', () => {
    const isWrong = (target: string, from: string) =>
      target.startsWith('src/') && !mayImport(folderOf(from), folderOf(target))
    expect(importsWhere(src, isWrong)).toEqual([])
  })

  it('has no way round through the name that task modules use', () => {
    expect(importsWhere(src, target => target.startsWith('#'))).toEqual([])
  })

  it('keeps model/ free of everything, packages and Node.js too', () => {
    const model = src.filter(({ path }) => folderOf(path) === 'model')
    expect(importsWhere(model, target => !target.startsWith('src/model/'))).toEqual([])
  })
})

describe('tasks/', () => {
  it('imports #task and tasks/lib/, and nothing else', () => {
    expect(importsWhere(tasks, target => target !== '#task' && !target.startsWith('tasks/lib/'))).toEqual([])
  })

  it('is unknown to shared code: no name of a task stands in src/', () => {
    // These are words of the project too: kinds of things, kinds of events, what a node runs.
    const words = new Set(['command', 'file', 'mount', 'shell', 'boot-start', 'service', 'template', 'fail', 'stat'])
    const names = tasks
      .filter(({ path }) => !/\/(?:lib|questions)\//.test(path))
      .map(({ path }) => basename(path, '.ts'))
    const own = names.filter(name => !words.has(name))
    expect(own).toContain('installer')
    expect(filesWith(src, new RegExp(`['"\`](?:${own.join('|')})['"\`]`))).toEqual([])
    expect(importsWhere(src, target => target.startsWith('tasks/'))).toEqual([])
  })
})

describe('lab/', () => {
  it('is unknown to src/ and tasks/, but for its type in cli/, and to the file there that loads it when asked', () => {
    const door = 'src/cli/lab.ts'
    const wrong = [...src, ...tasks]
      .filter(({ path }) => path !== door)
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ target, isType }) => target.startsWith('lab/') && !(isType && folderOf(path) === 'cli'))
          .map(({ target }) => `${path} imports ${target}`),
      )
    expect(wrong).toEqual([])
    // At the start of a line: what is loaded with the file, and not when it is asked for.
    const loads = /^(?:import|export) (?!type\b|const\b).*lab\/index/m
    expect(src.find(({ path }) => path === door)?.code).not.toMatch(loads)
  })

  it('imports from src/ only the words and the texts', () => {
    const allowed = ['model', 'text']
    const isWrong = (target: string) => target.startsWith('src/') && !allowed.includes(folderOf(target))
    expect(importsWhere(lab, isWrong)).toEqual([])
    expect(importsWhere(lab, target => target.startsWith('tasks/') || target.startsWith('#'))).toEqual([])
  })
})

describe('what only one room may touch', () => {
  const elsewhere = src.filter(({ path }) => folderOf(path) !== 'cli')

  it('leaves argv, the environment and the end of the process to cli/', () => {
    expect(filesWith(elsewhere, /\bprocess\.(exit|argv|env|chdir|cwd)\b/)).toEqual([])
    expect(importsWhere(elsewhere, target => target === 'node:process')).toEqual([])
  })

  it('lets only engine/ call apply and check', () => {
    const others = src.filter(({ path }) => !['engine', 'task'].includes(folderOf(path)))
    expect(filesWith(others, /\.(apply|check|undo)\(\s*\{/)).toEqual([])
  })

  it('opens sockets and starts programs only in transport/ and cli/', () => {
    const isDoor = (target: string) =>
      /^(?:node:)?(?:net|tls|dgram|http|https|child_process)$|^(?:ssh2|node-ssh|ldapts)$/.test(target)
    const others = elsewhere.filter(({ path }) => folderOf(path) !== 'transport')
    const wrong = others.flatMap(({ path, imports }) =>
      imports
        .filter(({ target, isType }) => isDoor(target) && !isType)
        .map(({ target }) => `${path} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })
})

describe('the lane `unit`, whose files share what they import', () => {
  const shared = sourcesOf('test').filter(
    ({ path }) => !/^test\/(?:ansible|cli|lab)\//.test(path) && !path.endsWith('.test.ts'),
  )

  it('has hooks in test files alone: elsewhere they would hold for the first file that comes', () => {
    expect(shared.map(({ path }) => path)).toContain('test/kit/fake-world.ts')
    expect(filesWith(shared, /^(?:before|after)(?:All|Each)\(|^vi\./m)).toEqual([])
  })

  it('imports from the other lanes nothing that has hooks', () => {
    const hooked = sourcesOf('test').filter(({ code }) => /^(?:before|after)(?:All|Each)\(/m.test(code))
    const far = hooked.map(({ path }) => path).filter(path => !path.endsWith('.test.ts'))
    expect(far).toContain('test/cli/scratch-site.ts')
    const files = sourcesOf('test').filter(({ path }) => !/^test\/(?:ansible|cli|lab)\//.test(path))
    expect(importsWhere(files, target => far.includes(target))).toEqual([])
  })
})
