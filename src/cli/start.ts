// Where the process begins: loads the command, lets it do what was typed, and ends.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { loadCompiled } from './compiled.ts'
import type { keepLoaded } from './kept-code.ts'
import type { run } from './main.ts'

// A command is over before it pays to optimise what it does: V8 waits longer, and leaves the processors to others.
// That of Node.js 22 waits long enough by itself.
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1000000')

/** Beside this file, under the name that `stamp` tells. */
const file = join(__dirname, readFileSync(join(__dirname, 'stamp'), 'utf8'))

const command = loadCompiled<{ readonly run: typeof run; readonly keepLoaded: typeof keepLoaded }>(
  file,
  createRequire(file),
)
void command.exports.run().then(exitCode => {
  command.keep(command.exports.keepLoaded())
  process.exit(exitCode)
})
