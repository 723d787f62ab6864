// One session channel: a command or a shell on the node, with or without a terminal, to its exit status.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PseudoTtyInfo, ServerChannel, Session } from 'ssh2'
import { type Account, accountOn, childrenOf, entering, groupOf } from './enter.ts'
import { searchPath } from './node-script.ts'
import { handOn } from './one-window.ts'
import type { NodeDoor } from './ssh-front.ts'

export type SessionOptions = {
  readonly door: NodeDoor
  readonly user: string
  /** Told of the command and of all input, when it was handed on; and when a command is under way on the node. */
  hear(text: string, hasBegun?: () => Promise<void>): void
  /** Told of each channel that opens. */
  count(channel: ServerChannel): void
  tellsStatus(): boolean
}

type Size = { readonly rows: number; readonly cols: number }
type Command = { readonly env: Record<string, string>; readonly terminal?: PseudoTtyInfo; readonly text?: string }

export const serveSession = (session: Session, options: SessionOptions): void => {
  const env: Record<string, string> = {}
  let terminal: PseudoTtyInfo | undefined
  let running: ChildProcess | undefined
  session.on('env', (accept, _reject, { key, val }) => {
    if (/^(LANG|LC_\w+)$/.test(key)) env[key] = val
    accept?.()
  })
  session.on('pty', (accept, _reject, info) => {
    terminal = info
    accept?.()
  })
  session.on('window-change', (accept, _reject, size) => {
    if (running?.pid) void resize(options.door, running.pid, size)
    accept?.()
  })
  session.on('signal', (accept, _reject, { name }) => {
    if (running?.pid) (terminal ? signalTerminal : signalGroup)(running.pid, `SIG${name}`)
    accept?.()
  })
  session.on('subsystem', (_accept, reject) => reject())
  const begin = async (channel: ServerChannel, text?: string) => {
    options.count(channel)
    channel.on('error', () => {})
    running = await start(channel, { env, terminal, text }, options)
    const { pid } = running ?? {}
    if (text !== undefined) options.hear(text, () => (pid ? begun(pid) : Promise.resolve()))
  }
  session.on('exec', (accept, _reject, { command }) => void begin(accept(), command))
  session.on('shell', accept => void begin(accept()))
}

const start = async (
  channel: ServerChannel,
  command: Command,
  options: SessionOptions,
): Promise<ChildProcess | undefined> => {
  const pid = await options.door.pid()
  const account = accountOn(pid, options.user)
  if (!account || channel.destroyed) return channel.destroyed ? undefined : void channel.close()
  const [program = '', ...args] = [...entering(pid, account), ...words(command)]
  const child = spawn(program, args, { env: environment(account, command), stdio: 'pipe', detached: true })
  child.stdin.on('error', () => {})
  child.on('error', () => channel.close())
  channel.stdin.pipe(child.stdin)
  channel.on('data', (bytes: Buffer) => options.hear(bytes.toString()))
  const handedOn = handOn(child.stdout, child.stderr, channel)
  // The status is told when the command ends; the channel closes when nobody holds its output open any more.
  child.on('exit', (status, name) => {
    if (!options.tellsStatus()) return
    if (name) channel.exit(name.replace('SIG', ''), false, '')
    else channel.exit(status ?? 255)
  })
  child.on('close', () => void handedOn.then(() => channel.stderr.end(() => channel.end())))
  // Input that nobody reads any more would keep the channel from closing.
  child.stdin.on('close', () => channel.resume())
  channel.on('close', () => hangUp(child, command))
  return child
}

/** On a busy machine it takes a while until `nsenter` is in the node and has become the command. */
const begun = async (nsenter: number): Promise<void> => {
  const isNsenter = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'nsenter\n'
  for (const end = Date.now() + beginWithinMs; Date.now() < end; await sleep(5)) {
    const [inside] = childrenOf(nsenter)
    try {
      if (inside === undefined ? !isNsenter(nsenter) : !isNsenter(inside)) return
    } catch {
      return // it has ended already
    }
  }
}

const beginWithinMs = 5_000

const words = ({ terminal, text }: Command): readonly string[] => {
  const inner = text === undefined ? ['sh', '-l'] : ['sh', '-c', text]
  if (!terminal) return inner
  const { rows, cols } = terminal
  const set = `stty echo rows ${rows || 24} cols ${cols || 80} 2>/dev/null; `
  return ['script', '-qefc', text === undefined ? `${set}exec sh -l` : set + text, '/dev/null']
}

const environment = ({ name, home }: Account, { env, terminal }: Command): Record<string, string> => ({
  ...env,
  PATH: searchPath,
  HOME: home,
  USER: name,
  LOGNAME: name,
  SHELL: '/bin/sh',
  ...(terminal ? { TERM: ttyName(terminal) } : {}),
})

// The type does not know it, the library hands it on.
const ttyName = (terminal: PseudoTtyInfo): string => ('term' in terminal && String(terminal.term)) || 'dumb'

/** Signals the group of a command, but not `nsenter`, which leads it and tells how the command ended. */
const signalGroup = (leader: number, name: string): void => signalAll(groupOf(leader), name)

const signalAll = (pids: readonly number[], name: string): void => {
  if (name in constants.signals) for (const pid of pids) kill(pid, name)
}

const kill = (pid: number, name: string): boolean => {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/** On a terminal, the group that `script` started on it. */
const signalTerminal = (nsenter: number, name: string): void =>
  signalAll(
    childrenOf(nsenter)
      .flatMap(childrenOf)
      .map(leader => -leader),
    name,
  )

/**
 * Hangs up the whole group, `nsenter` too: nobody asks any more how it ended.
 *
 * `script` blocks SIGHUP. When it is killed, the kernel hangs up what runs on its terminal.
 */
const hangUp = (child: ChildProcess, { terminal }: Command): void => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  kill(-child.pid, terminal ? 'SIGKILL' : 'SIGHUP')
}

/** The terminal is the stdin of what `script` started. */
const resize = async (door: NodeDoor, nsenter: number, { rows, cols }: Size): Promise<void> => {
  const leader = childrenOf(nsenter).flatMap(childrenOf)[0]
  if (leader === undefined) return
  const terminal = readlinkSync(`/proc/${leader}/fd/0`)
  const [program = '', ...args] = [
    ...entering(await door.pid()),
    'stty',
    '-F',
    terminal,
    'rows',
    `${rows}`,
    'cols',
    `${cols}`,
  ]
  spawn(program, args, { stdio: 'ignore' }).on('error', () => {})
}
