// Which commands an errand sends to which node: told by a copy of the program that writes each of them down.
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measureWell } from '../measure-well.ts'
import type { Errand } from './errands.ts'
import type { Site } from './site.ts'

export type Sent = { readonly host: string; readonly script: string }

/** The one class through which everything goes that is sent to a node. */
const wayOut = 'src/transport/framed-shell.ts'

const recorder = `
import { appendFileSync as writeDown } from 'node:fs'
for (const [way, at] of [['run', 0], ['terminal', 0], ['upload', 1]]) {
  const send = FramedShell.prototype[way]
  FramedShell.prototype[way] = function (...given) {
    writeDown(process.env.BENCH_COMMANDS, JSON.stringify({ host: this.host, script: given[at] }) + '\\n')
    return send.apply(this, given)
  }
}
`

/** The file in which commands go out, with a few lines more that write them down. */
export const withRecorder = (root: string) => ({
  file: wayOut,
  text: `${readFileSync(join(root, wayOut), 'utf8')}${recorder}`,
})

const copied = ['bin', 'src', 'lab', 'tasks', 'playbooks', 'test/kit', 'package.json', 'package-lock.json']

/**
 * Makes the copy, beside the site's own files.
 *
 * @returns Carries out an errand with the copy; gives its commands in the order in which they were sent.
 */
export const commandCounter = (root: string, { dir }: Site) => {
  const copy = join(dir, 'counting')
  for (const path of copied.filter(each => existsSync(join(root, each))))
    cpSync(join(root, path), join(copy, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const { file, text } = withRecorder(copy)
  writeFileSync(join(copy, file), text)
  const written = join(dir, 'commands.jsonl')
  const log = join(dir, 'counting.log')
  return async ({ words }: Errand, signal: AbortSignal): Promise<readonly Sent[]> => {
    rmSync(written, { force: true })
    const argv = [process.execPath, join(copy, 'bin/run.js'), ...words]
    await measureWell(argv, { cwd: dir, log, signal, env: { BENCH_COMMANDS: written } })
    return parseSent(readFileSync(written, 'utf8'))
  }
}

export const parseSent = (text: string): readonly Sent[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Sent) // written by `recorder`
