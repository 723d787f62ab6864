// One session channel: a command or a shell on the node, with or without a terminal, to its exit status.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { Transform } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PseudoTtyInfo, ServerChannel, Session } from 'ssh2'
import { type Account, accountOn, childrenOf, groupOf, wayOnto } from './enter.ts'
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
    if (running?.pid) resize(running.pid, size)
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
  const { outside, inside } = wayOnto(pid, account)
  const [program = '', ...args] = [...outside, ...words(command, inside)]
  const { show } = options.door
  show?.()
  const child = spawn(program, args, { env: environment(account, command), stdio: 'pipe', detached: true })
  child.stdin.on('error', () => {})
  child.on('error', () => channel.close())
  const input = show ? channel.stdin.pipe(eachAfter(show)) : channel.stdin
  input.pipe(child.stdin)
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
  child.stdin.on('close', () => input.resume())
  channel.on('close', () => hangUp(child, command))
  return child
}

/** Before a shell is asked anything, which may be about processes, the node has to see them as they are. */
const eachAfter = (show: () => void): Transform =>
  new Transform({
    transform(bytes, _encoding, done) {
      show()
      done(null, bytes)
    },
  })

/** On a busy machine it takes a while until what leads into the node is there and has become the command. */
const begun = async (first: number): Promise<void> => {
  const nameOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  for (const end = Date.now() + beginWithinMs; Date.now() < end; await sleep(5)) {
    const [inside] = childrenOf(first)
    try {
      if (!leadingIn.has(nameOf(inside ?? first))) return
    } catch {
      return // it has ended already
    }
  }
}

const leadingIn: ReadonlySet<string> = new Set(['nsenter', 'timeout', 'setpriv', 'prlimit', 'chroot'])

const beginWithinMs = 5_000

const words = ({ terminal, text }: Command, inside: readonly string[]): readonly string[] => {
  const inner = [...inside, 'sh', ...(text === undefined ? ['-l'] : ['-c', text])]
  if (!terminal) return inner
  const { rows, cols } = terminal
  const set = `stty echo rows ${rows || 24} cols ${cols || 80} 2>/dev/null; `
  return ['script', '-qefc', `${set}exec ${inner.map(quoted).join(' ')}`, '/dev/null']
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

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

/** Signals the group of a command, but not its leader, which tells how the command ended. */
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
const signalTerminal = (first: number, name: string): void =>
  signalAll(
    leadersBelow(first).map(leader => -leader),
    name,
  )

const leadersBelow = (first: number): readonly number[] => childrenOf(first).flatMap(childrenOf)

/**
 * Hangs up the whole group, what leads it too: nobody asks any more how it ended.
 *
 * `script` blocks SIGHUP. When it is killed, the kernel hangs up what runs on its terminal.
 */
const hangUp = (child: ChildProcess, { terminal }: Command): void => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  kill(-child.pid, terminal ? 'SIGKILL' : 'SIGHUP')
  // As a kernel does it: who stands still would not hear of it, and keep its node from going down.
  kill(-child.pid, 'SIGCONT')
}

/** The terminal is the stdin of what `script` started. */
const resize = (first: number, { rows, cols }: Size): void => {
  const [leader] = leadersBelow(first)
  if (leader === undefined) return
  const size = ['rows', `${rows}`, 'cols', `${cols}`]
  spawn('stty', ['-F', `/proc/${leader}/fd/0`, ...size], { stdio: 'ignore' }).on('error', () => {})
}
