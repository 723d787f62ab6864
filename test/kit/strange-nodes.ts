// Nodes with few programs: a shell, and a directory of links to those that the node has. Nothing else is found there.
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { needed, wished } from '../../tasks/questions/any-node.ts'
import { type Sandbox, sandboxHost } from './sandbox-host.ts'

/** What the page tells that probes and steps use. */
export const usedTools: readonly string[] = needed

/** What some steps need. */
export const wishedTools: readonly string[] = Object.keys(wished)

/** What a node may do without. */
export const sparedTools = ['base64', 'sha256sum', 'timeout', 'mountpoint', 'flock', 'ss'] as const

const programOf = (name: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map(directory => join(directory, name))
    .find(existsSync)

/** How each shell is started, by the programs that have to be there; in scripts it is `sh` too. */
export const strangeShells = [
  { shell: 'dash', program: programOf('dash'), before: '' },
  { shell: 'bash --posix', program: programOf('bash'), before: '--posix' },
  { shell: 'busybox sh', program: programOf('busybox'), before: 'sh' },
] as const

export type StrangeShell = (typeof strangeShells)[number]

/** A node that has this shell and all tools but those; whatever is installed in it comes on top. */
export const strangeNode = ({ program = '', before }: StrangeShell, without: readonly string[] = []): Sandbox => {
  const bin = mkdtempSync(join(tmpdir(), 'strange-'))
  for (const tool of [...usedTools, ...wishedTools, ...sparedTools]) {
    const found = without.includes(tool) ? undefined : programOf(tool)
    if (found) symlinkSync(found, join(bin, tool))
  }
  // A link named `sh` would make bash and busybox take another way than the words on the command line.
  const start = [program, before].filter(Boolean).join(' ')
  writeFileSync(join(bin, 'sh'), `#!${programOf('dash') ?? '/bin/sh'}\nexec ${start} "$@"\n`, { mode: 0o755 })
  const node = sandboxHost(start.split(' '))
  return {
    ...node,
    run: (script, options) => node.run(`PATH=${node.programs}:${bin}\n${script}`, options),
    close() {
      node.close()
      rmSync(bin, { recursive: true })
    },
  }
}
