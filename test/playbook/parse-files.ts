// Parses a playbook out of files that are written in the test.
import { parsePlaybook } from '../../src/playbook/parse.ts'
import type { KnownTask, Playbook } from '../../src/playbook/playbook.ts'

export const knownTasks: ReadonlyMap<string, KnownTask> = new Map<string, KnownTask>([
  ['file', { type: 'task' }],
  ['shell', { type: 'task', freeForm: 'cmd' }],
  ['agents-test', { type: 'task' }],
  ['partition', { type: 'hold' }],
])

/** The first file is the playbook, or `site.yml` where there is none. */
export const parse = (
  texts: Readonly<Record<string, string>>,
  modules: Readonly<Record<string, unknown>> = {},
): Playbook => {
  const [file = 'site.yml'] = [...Object.keys(modules), ...Object.keys(texts)]
  const files = { readText: (path: string) => texts[path], readModule: (path: string) => modules[path] }
  return parsePlaybook(file, { knownTasks, files })
}
