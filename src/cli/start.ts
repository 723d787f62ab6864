// Where the process begins: loads the command, lets it do what was typed, and ends.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { loadCompiled } from './compiled.ts'
import type { run } from './main.ts'

/** Beside this file, under the name that `stamp` tells. */
const file = join(__dirname, readFileSync(join(__dirname, 'stamp'), 'utf8'))

const command = loadCompiled<{ readonly run: typeof run }>(file, createRequire(file))
void command.exports.run().then(exitCode => {
  command.keep()
  process.exit(exitCode)
})
