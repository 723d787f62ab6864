// Where the process begins: loads the command, lets it do what was typed, and ends.
import { setFlagsFromString } from 'node:v8'
import type { run } from './entry/all.ts'
import { bundleFile, bundleFor } from './entry/bundles.ts'
import type { keepLoaded } from './kept-code.ts'
import { loadWithParts } from './parts.ts'

// A command is over before it pays to optimise what it does: V8 waits longer, and leaves the processors to others.
// That of Node.js 22 waits long enough by itself. The room for what is new grows at once: it would be cleared twice as
// often, and each time by several threads, which the nodes of a lab or another command could do with.
if (process.versions.v8.startsWith('11.'))
  setFlagsFromString(
    '--interrupt-budget=1000000 --semi-space-growth-factor=16 --no-parallel-scavenge --regexp-tier-up-ticks=20 --interrupt-budget-for-feedback-allocation=3000 --interrupt-budget-factor-for-feedback-allocation=24',
  )

type Command = { readonly run: typeof run; readonly keepLoaded: typeof keepLoaded }

const command = loadWithParts<Command>(bundleFile(bundleFor(process.argv[2])))
void command.exports.run().then(exitCode => {
  command.keep(command.exports.keepLoaded())
  process.exit(exitCode)
})
