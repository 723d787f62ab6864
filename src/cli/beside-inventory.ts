// The files in `group_vars/` and `host_vars/` beside an inventory, as Ansible finds them.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import type { BesideText } from '../inventory/beside.ts'
import { readText } from './read-text.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

/** `group_vars/web.yml`, `group_vars/web`, and all below a folder `group_vars/web/`, in the order of their names. */
export const textsBeside = (inventory: string, around: Surroundings): readonly BesideText[] =>
  (['group', 'host'] as const).flatMap(of => {
    const folder = join(dirname(inventory), `${of}_vars`)
    return namesIn(folder).flatMap(name => textsAt(join(folder, name), { of, name: withoutEnding(name) }, around))
  })

type Of = Pick<BesideText, 'of' | 'name'>

const textsAt = (path: string, of: Of, around: Surroundings): readonly BesideText[] => {
  if (statSync(path).isDirectory())
    return namesIn(path)
      .filter(name => ['', '.yml', '.yaml', '.json'].includes(extname(name)))
      .flatMap(name => textsAt(join(path, name), of, around))
  const file = shown(path, around)
  return [{ ...of, file, text: readText(path, file) }]
}

/** What begins with a dot, or ends as what an editor leaves, is no file of variables. */
const namesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter(name => !/^\.|~$/.test(name))
        .sort()
    : []

const withoutEnding = (name: string): string => basename(name).replace(/\.(ya?ml|json)$/, '')
