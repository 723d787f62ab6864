// A node of the lab without a node: the vendor's files in a scratch directory, and a terminal to sit at.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { vendorFiles } from '../../lab/vendor/index.ts'

export const vendorRoot = fileURLToPath(new URL('../../lab/vendor/root', import.meta.url))

export const hasScript = spawnSync('script', ['--version']).status === 0
export const isRoot = process.getuid?.() === 0

export type Answer = readonly [prompt: RegExp, answer: string]
export type Ran = { readonly status: number | null; readonly output: string }
export type Scratch = ReturnType<typeof scratchNode>

/**
 * A scratch root with the partition's mount point as a directory.
 *
 * @param like A node whose files it begins with, instead of the vendor's alone.
 * @returns What can be done there; `remove` also ends each agent that was started in it.
 */
export const scratchNode = (like?: { readonly root: string }) => {
  const root = mkdtempSync(join(tmpdir(), 'lab-vendor-'))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(root + path), { recursive: true })
    writeFileSync(root + path, text)
  }
  if (like === undefined) equip(root, write)
  else cpSync(like.root, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  const env = { ...process.env, LAB_ROOT: root }

  const run = (path: string, ...args: string[]): Ran => {
    const { status, stdout, stderr } = spawnSync(root + path, args, { env, encoding: 'utf8' })
    return { status, output: stdout + stderr }
  }
  /** As `run`, for what asks a directory that this process serves. */
  const runBeside = (path: string, ...args: string[]): Promise<Ran> =>
    new Promise(done => {
      const child = spawn(root + path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', more => (output += String(more)))
      child.on('close', status => done({ status, output }))
    })

  return {
    root,
    write,
    run,
    runBeside,
    read: (path: string): string => readFileSync(root + path, 'utf8'),
    install: (answers: readonly Answer[]): Promise<Ran> => converse(`${root}/media/messenger/install`, answers, env),
    agents: (program: string): number[] => processesOf(root, program),
    async remove(): Promise<void> {
      for (const pid of [...processesOf(root, 'nmma'), ...processesOf(root, 'nmaa')]) process.kill(pid, 'SIGKILL')
      await sleep(50)
      rmSync(root, { recursive: true })
    },
  }
}

const equip = (root: string, write: (path: string, text: string) => void): void => {
  for (const { path, mode, text } of vendorFiles(vendorRoot)) {
    write(path, text)
    chmodSync(root + path, mode)
  }
  write('/etc/lab/node', process.execPath)
  write('/etc/lab/delays', 'installer_step=0\nagent_start=0\nagent_stop=0\n')
  write('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n')
  write('/etc/group', 'root:x:0:\n')
  mkdirSync(`${root}/mnt/messenger`, { recursive: true })
}

/** Answers each prompt when it is the last thing on the screen; after the last answer the terminal stays open. */
const converse = (command: string, answers: readonly Answer[], env: NodeJS.ProcessEnv): Promise<Ran> =>
  new Promise((done, failed) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: 'pipe' })
    let output = ''
    let seen = 0
    let next = 0
    const silence = setTimeout(() => child.kill('SIGKILL'), 15_000)
    child.stdout.on('data', more => {
      output += String(more)
      const [prompt, answer] = answers[next] ?? []
      if (prompt === undefined || !prompt.test(output.slice(seen)) || !/[:?] $/.test(output)) return
      seen = output.length
      next += 1
      child.stdin.write(`${answer}\n`)
    })
    child.on('error', failed).on('close', status => {
      clearTimeout(silence)
      done({ status, output })
    })
  })

/** Processes by the name that the kernel has for them, of this scratch root only; no zombies. */
const processesOf = (root: string, program: string): number[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => isAgent(pid, { root, program }))
    .map(Number)

const isAgent = (pid: string, { root, program }: { root: string; program: string }): boolean => {
  try {
    const isNamed = readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === program
    return isNamed && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`LAB_ROOT=${root}`)
  } catch {
    return false // it ended while we looked
  }
}

/** Asks again until it holds, for at most five seconds. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 5000; Date.now() < end; await sleep(20)) if (await holds()) return
  throw new Error(`it never held: ${holds}`)
}
