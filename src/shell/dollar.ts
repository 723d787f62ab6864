// zx's own `$`, bound to one node: what it would start on this machine is carried out over there.
//
// What of zx works: the template with its quoting, lists, `await`, `nothrow()`, `timeout()`, `text()`, `lines()`,
// `json()`, `exitCode`, `kill()`, and everything of `ProcessOutput`. What does not: `pipe()` (it would start the next
// command on this machine; write `a | b` in one script), `stdin`, streams while the command runs, `sync`, `cd()`, `cwd`.
import type { ProcessOutput, ProcessPromise } from 'zx/core'
import { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import { commandFailed } from './command-failed.ts'
import type { CommandResult, HostShell, Input } from './host-shell.ts'
import { assertSpeakable, Part, type Words } from './quote.ts'
import { redact } from './redact.ts'
import { type Errand, remoteSpawn } from './remote-spawn.ts'
import { callZx } from './zx-elsewhere.ts'

/** Milliseconds, or a text such as `5s`. */
type Duration = number | `${number}ms` | `${number}s` | `${number}m`

type HostDollarOptions = {
  /** What the command reads on stdin. A secret may only go this way. */
  readonly input?: Input
  /** An exit status other than 0 is an answer, not an error. */
  readonly nothrow?: boolean
  /** Longest time that the command may take; then it is ended on the node. */
  readonly timeout?: Duration
  /** The command only looks, so it need not wait for the answers of others that only look. */
  readonly reads?: boolean
}

/**
 * What a command printed, and how it ended: zx's own output. Its types are not those that zx declares, so that whoever
 * checks a task needs no types but these.
 */
export type HostOutput = {
  readonly stdout: string
  readonly stderr: string
  /** Null where it was ended by a signal. */
  readonly exitCode: number | null
  /** What it wrote on stdout; stderr is not in it. */
  text(): string
  /** The lines of stdout, without their line breaks. */
  lines(): string[]
  json<T>(): T
}

/** A command on its way. Awaited, it gives what it printed and its exit status. */
type HostCommand = Promise<HostOutput> & {
  /** Takes an exit status other than 0 as an answer. A lost connection still throws. */
  nothrow(isAnswer?: boolean): HostCommand
  timeout(longest: Duration): HostCommand
  /** What it wrote on stdout; stderr is not in it. */
  text(): Promise<string>
  /** The lines of stdout, without their line breaks. */
  lines(): Promise<string[]>
  json<T>(): Promise<T>
  /** Exit status; never rejects because of one. */
  readonly exitCode: Promise<number>
  /** Ends the command on the node. */
  kill(): void
}

/**
 * zx's `$` for one node.
 *
 * @throws {Problem} `command-failed`, `secret-in-command`, and what `HostShell.run` throws.
 */
export type HostDollar = {
  (pieces: TemplateStringsArray, ...words: readonly Words[]): HostCommand
  (options: HostDollarOptions): HostDollar
}

export type HostDollarHooks = {
  /** Hears of each command when it has ended; `result` is undefined when nobody knows how. Secrets are masked. */
  readonly onCommand?: (script: string, result: CommandResult | undefined, ms: number) => void
}

/** Binds zx's `$` to a node. Nothing of it reaches this machine: no process, no `ZX_*`, no working directory. */
export const hostDollar = (shell: HostShell, hooks: HostDollarHooks = {}): HostDollar => bind(shell, hooks, {})

const bind = (shell: HostShell, hooks: HostDollarHooks, options: HostDollarOptions): HostDollar => {
  function $(pieces: TemplateStringsArray, ...words: readonly Words[]): HostCommand
  function $(more: HostDollarOptions): HostDollar
  function $(first: TemplateStringsArray | HostDollarOptions, ...words: readonly Words[]): HostCommand | HostDollar {
    if (!isTemplate(first)) return bind(shell, hooks, { ...options, ...first })
    for (const word of words) assertSpeakable(word)
    return send(shell, hooks, { options, pieces: first, words })
  }
  return $
}

type Call = {
  readonly options: HostDollarOptions
  readonly pieces: TemplateStringsArray
  readonly words: readonly Words[]
}

const send = (shell: HostShell, hooks: HostDollarHooks, { options, pieces, words }: Call): HostCommand => {
  const secrets = options.input instanceof Secret ? [options.input] : []
  const ended = new AbortController()
  const errand: Errand = {
    shell,
    options: {
      input: options.input,
      timeoutMs: toMs(options.timeout),
      signal: ended.signal,
      reads: options.reads ?? false,
    },
    onEnd: (script, result, ms) => hooks.onCommand?.(script, result && mask(result, secrets), ms),
  }
  const how = { store: newStore(), spawn: remoteSpawn(errand), nothrow: options.nothrow ?? false }
  const promise = callZx(how, withoutParts(pieces, words))
  const toError = (output: unknown): unknown => explain(output, { shell, script: promise.cmd, secrets })
  return dress(promise, {
    toError,
    setTimeoutMs: ms => {
      errand.options = { ...errand.options, timeoutMs: ms }
    },
    kill: () => ended.abort(),
  })
}

/** zx reads `text()`, `lines()` and `json()` from `stdall`: here that is stdout, so that no warning passes for an answer. */
const newStore = () => {
  const stdout: (string | Buffer)[] = []
  return {
    stdout,
    stderr: [],
    get stdall() {
      return [...stdout]
    },
  }
}

type Dress = {
  readonly toError: (output: unknown) => unknown
  readonly setTimeoutMs: (ms: number | undefined) => void
  readonly kill: () => void
}

/** Gives zx's promise our errors, and takes away what would reach this machine. */
const dress = (promise: ProcessPromise, { toError, setTimeoutMs, kill }: Dress): HostCommand => {
  const settle = promise.then.bind(promise)
  const outcome = (): Promise<ProcessOutput> =>
    settle(
      output => {
        // `nothrow` is about exit statuses: a connection that was lost is never a result.
        if (output.cause) throw toError(output)
        return output
      },
      output => {
        throw toError(output)
      },
    )
  const own = {
    // biome-ignore lint/suspicious/noThenProperty: a map of property descriptors, and zx's promise has a then already
    then: { value: <A, B>(ok?: (o: ProcessOutput) => A, bad?: (e: unknown) => B) => outcome().then(ok, bad) },
    exitCode: {
      get: () =>
        outcome().then(
          output => output.exitCode,
          error => {
            if (error instanceof Problem && error.code === 'command-failed') return promise.output?.exitCode
            throw error
          },
        ),
    },
    timeout: {
      value: (longest: Duration) => {
        setTimeoutMs(toMs(longest))
        return promise
      },
    },
    kill: { value: kill },
    abort: { value: kill },
    pipe: { get: refuse('pipe') },
    stdin: { get: refuse('stdin') },
  }
  // The type says less than zx's own on purpose; see the head of this file.
  return Object.defineProperties(promise, own) as unknown as HostCommand
}

const refuse = (what: string) => () => {
  throw new TypeError(`\`${what}\` of zx does not reach a node; write the pipe into one script, or use \`input\``)
}

type Errors = { readonly shell: HostShell; readonly script: string; readonly secrets: readonly Secret[] }

const explain = (output: unknown, { shell, script, secrets }: Errors): unknown => {
  if (!isOutput(output)) return output
  if (output.cause) return output.cause
  return commandFailed({
    host: shell.host,
    script,
    result: mask({ exitCode: output.exitCode ?? 0, stdout: output.stdout, stderr: output.stderr }, secrets),
  })
}

const isOutput = (value: unknown): value is ProcessOutput =>
  value instanceof Error && 'exitCode' in value && 'stderr' in value

const mask = ({ exitCode, stdout, stderr }: CommandResult, secrets: readonly Secret[]): CommandResult => ({
  exitCode,
  stdout: redact(stdout, secrets),
  stderr: redact(stderr, secrets),
})

const isTemplate = (value: TemplateStringsArray | HostDollarOptions): value is TemplateStringsArray =>
  Array.isArray(value)

/** zx makes a text of whatever stands in its template: a part of a script becomes one of the template's own pieces. */
const withoutParts = (pieces: TemplateStringsArray, words: readonly Words[]): [TemplateStringsArray, ...Words[]] => {
  const [first = '', ...others] = pieces
  const joined = [first]
  const left: Words[] = []
  for (const [at, word] of words.entries()) {
    const piece = others[at] ?? ''
    if (word instanceof Part) joined.push(`${joined.pop()}${word.script}${piece}`)
    else {
      left.push(word)
      joined.push(piece)
    }
  }
  return [Object.assign(joined, { raw: joined }), ...left]
}

const unitMs = { ms: 1, s: 1000, m: 60_000 } as const

const toMs = (duration: Duration | undefined): number | undefined => {
  if (duration === undefined || typeof duration === 'number') return duration
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(duration) ?? []
  if (unit !== 'ms' && unit !== 's' && unit !== 'm') throw new TypeError(`not a duration: ${duration}`)
  return Number(amount) * unitMs[unit]
}
