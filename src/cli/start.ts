// Where the process begins: loads the command, lets it do what was typed, and ends.
import { setFlagsFromString } from 'node:v8'
import type { run } from './entry/all.ts'
import { bundleFile, bundleFor } from './entry/bundles.ts'
import type { keepLoaded } from './kept-code.ts'
import { loadWithParts } from './parts.ts'

// A command is over before it pays to optimise what it does: V8 waits longer before it takes notes of what a function does,
// before it optimises one, or a regular expression, and leaves the processors to others. That of Node.js 22 waits long enough
// by itself. The room for what is new grows at once: it would be cleared twice as often. Neither that nor the rest of the
// memory is cleared by several threads, or in many small steps, which the nodes of a lab or another command could do with.
if (process.versions.v8.startsWith('11.'))
  setFlagsFromString(
    [
      '--interrupt-budget=1000000',
      '--interrupt-budget-for-feedback-allocation=3000',
      '--interrupt-budget-factor-for-feedback-allocation=24',
      '--regexp-tier-up-ticks=20',
      '--semi-space-growth-factor=16',
      '--no-parallel-scavenge',
      '--no-incremental-marking',
    ].join(' '),
  )

type Command = { readonly run: typeof run; readonly keepLoaded: typeof keepLoaded }

const command = loadWithParts<Command>(bundleFile(bundleFor(process.argv[2])))
void command.exports.run().then(exitCode => {
  command.keep(command.exports.keepLoaded())
  process.exit(exitCode)
})
