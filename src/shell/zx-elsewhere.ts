// zx, which starts nothing on this machine: from the moment it is here it refuses, and each call is told where to go.
//
// Told by `zx({…})`, a call would begin a context of its own, and from the first context on every promise of this process
// takes longer. So what a call is told stands in zx itself while the call begins: it takes a copy of it at once. That
// reaches zx only here, where it is zx itself: what loads late stands in its place elsewhere (`bin/loaded-late.mjs`).
import type { spawn } from 'node:child_process'
import { type ProcessPromise, $ as zx } from 'zx/core'
import { quote, type Words } from './quote.ts'

/** What a command is told: who carries it out, where what it says is kept, whether its exit status is an answer. */
type How = {
  readonly spawn: typeof spawn
  readonly store: { readonly stdout: unknown[]; readonly stderr: unknown[]; readonly stdall: unknown[] }
  readonly nothrow: boolean
}

/** A call of zx's `$` for what is carried out elsewhere. */
export const callZx = (how: How, [pieces, ...words]: [TemplateStringsArray, ...Words[]]): ProcessPromise => {
  const { stackTraceLimit } = Error
  // It looks up where it was called, for an error of its own that nobody gets to see.
  Error.stackTraceLimit = 0
  Object.assign(zx, how)
  try {
    return zx(pieces, ...words)
  } finally {
    Object.assign(zx, atRest)
    Error.stackTraceLimit = stackTraceLimit
  }
}

const refuse = (): never => {
  throw new TypeError('zx starts nothing on this machine')
}

/** Who calls it without telling it where to go has nothing carried out. */
const atRest = { spawn: refuse, spawnSync: refuse, store: undefined, nothrow: false }

/** Everything that zx would take from this machine or from bash, switched off by name. */
const asZxWouldNot = {
  shell: 'sh',
  prefix: '',
  postfix: '',
  quote,
  cwd: undefined,
  env: {},
  preferLocal: false,
  detached: false,
  verbose: false,
  quiet: true,
  timeout: undefined,
  halt: false,
  sync: false,
  input: undefined,
  log: () => {},
  kill: () => Promise.reject(new TypeError('a command on a node is ended with its own kill()')),
}

Object.assign(zx, asZxWouldNot, atRest)
