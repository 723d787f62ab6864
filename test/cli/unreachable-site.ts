// A site whose one node is at a port where nobody is: a run has its first and its last event, and nothing is touched.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beginCommand, type Ran } from '../lab/e2e/command.ts'

export type UnreachableSite = {
  readonly dir: string
  run(words: string, how?: { readonly before?: readonly string[]; readonly env?: Record<string, string> }): Promise<Ran>
  /** Text of the journal of the newest run. */
  journal(): string
  text(name: string): string
}

export const unreachableSite = (files: Readonly<Record<string, string>> = {}): UnreachableSite => {
  const dir = mkdtempSync(join(tmpdir(), 'run-unreachable-'))
  const all = {
    'run.yml': 'inventory: inventory.yml\n',
    'inventory.yml': 'all: { hosts: { ada: { ansible_host: 127.0.0.1, ansible_port: 1 } } }\n',
    'one.yml': '- hosts: all\n  tasks: [{ name: Nothing, command: "true" }]\n',
    'wrong.yml': '- host: all\n',
    ...files,
  }
  for (const [name, text] of Object.entries(all)) writeFileSync(join(dir, name), text)
  const text = (name: string) => readFileSync(join(dir, name), 'utf8')
  return {
    dir,
    text,
    run: (words, how = {}) => beginCommand({ dir, ...how }, words.split(' ')).end,
    journal() {
      const runs = readdirSync(join(dir, '.run/runs')).filter(name => /^\d/.test(name))
      return text(`.run/runs/${runs.toSorted().at(-1)}/events.jsonl`)
    },
  }
}
