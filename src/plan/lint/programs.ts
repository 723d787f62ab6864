// What a command carries out: programs whose work a task does, and scripts that not every `sh` reads.
import type { TaskStep } from '../../playbook/playbook.ts'
import { Template } from '../../template/template.ts'
import { child } from '../../text/located.ts'
import { metaOf, namesItsShell, saysItLooks } from '../meta.ts'
import type { Registry } from '../registry.ts'
import { doubt, type LintRule, perPlay, tasksIn } from './rule.ts'

export const programForTask: LintRule = {
  code: 'program-for-task',
  summary: 'a command does what a task does: a dry run cannot foretell it, and `run undo` cannot take it back',
  help: 'write the step with the task: the warning has the line',
  find: perPlay((play, { registry }) => {
    const instead: Readonly<Record<string, string>> = { ...otherUsers, ...programsOf(registry) }
    return tasksIn(play)
      .filter(({ module, args }) => !saysItLooks(registry.get(module)?.args, args.tree))
      .flatMap(step => commandsIn(step, registry))
      .filter(({ language, text }) => language !== 'sh' || !/[;|&<>\n]/.test(withoutTexts(text.trim())))
      .flatMap(({ text, span }) => {
        const [program = ''] = /^[\w./-]+/.exec(text.trimStart()) ?? []
        const name = program.replace(/^(?:\/usr)?\/s?bin\//, '')
        if (!Object.hasOwn(instead, name)) return []
        return [
          doubt(programForTask, { summary: `\`${name}\` has a task of its own`, span, help: instead[name] ?? '' }),
        ]
      })
  }),
}

const otherUsers: Readonly<Record<string, string>> = {
  sudo: 'write `become: true`',
  su: 'write `become: true`, with `become_user:`',
}

const programsOf = (registry: Registry): Readonly<Record<string, string>> =>
  Object.assign({}, ...[...registry.values()].map(module => (module.type === 'task' ? module.programs : {})))

export const notPosix: LintRule = {
  code: 'script-not-posix',
  summary: 'a script has what bash knows and POSIX has not: another `sh` reads it otherwise, or not at all',
  help: 'write it as every `sh` reads it: the warning says how',
  find: perPlay((play, { registry }) =>
    tasksIn(play)
      .filter(({ module, args }) => !namesItsShell(registry.get(module)?.args, args.tree))
      .flatMap(step => commandsIn(step, registry))
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text, span }) => {
        const found = ofBash.find(([, pattern]) => pattern.test(withoutTexts(text)))
        if (found === undefined) return []
        const [what, , help] = found
        return [doubt(notPosix, { summary: `\`${what}\` is not in every \`sh\``, span, help })]
      }),
  ),
}

const ofBash: readonly (readonly [what: string, pattern: RegExp, help: string])[] = [
  ['[[', /(?:^|[\s;&|(!])\[\[\s/, 'write `[ … ]`, or `case … in` for a pattern'],
  ['<<<', /<<</, "write `printf '%s\\n' … |`, or give it as `stdin:`"],
  ['<( )', /[<>]\(/, 'write a pipe, or a file in between'],
  ['&>', /&>/, 'write `>FILE 2>&1`'],
  ['source', /(?:^|[\s;&|])source\s/, 'write `. FILE`'],
  ['function', /(?:^|[\s;])function\s+\w/, 'write `name() { … }`'],
  ['${ / }', /\$\{\w+(?:\/|:\d|\^|,)/, 'write it with `sed`, or as a filter in the playbook'],
  ['an array', /(?:^|[\s;])\w+=\(/, 'write the words one by one, or `set -- …`'],
  ['pipefail', /\bpipefail\b/, 'write a step for each, so that each of them can fail'],
  ['==', /\[\s[^\]]*\s==\s/, 'write `=`'],
  ['echo -e', /(?:^|[\s;&|])echo\s+-[neE]+\s/, 'write `printf`'],
]

/** What stands in single quotes is another program's affair, and what is filled in nobody's yet. */
const withoutTexts = (script: string): string => script.replace(/\{\{.*?\}\}/gs, 'x').replace(/'[^']*'/g, "''")

type Command = { readonly text: string; readonly language: unknown; readonly span: NonNullable<Spanned> }
type Spanned = NonNullable<ReturnType<typeof child>>['span']

/** What a step carries out, as it is written; a list of words has its first one alone. */
const commandsIn = ({ module, args, moduleSpan }: TaskStep, registry: Registry): readonly Command[] =>
  metaOf(registry.get(module)?.args).flatMap(([key, { language }]) => {
    if (language !== 'sh' && language !== 'words' && language !== 'argv') return []
    const value = args.tree[key]
    const [first] = Array.isArray(value) ? value : [value]
    const text = first instanceof Template ? first.text : first
    if (typeof text !== 'string') return []
    return [{ text, language, span: child(args.written, key)?.span ?? moduleSpan }]
  })
