// The files in `group_vars/` and `host_vars/` beside an inventory, as Ansible finds them.
import { existsSync, lstatSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import type { BesideText } from '../inventory/beside.ts'
import { namesBelow, readText } from './read-text.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * `group_vars/web.yml`, `group_vars/web`, and all below a folder `group_vars/web/`, in the order of their names.
 *
 * A text is read when it is asked for. So a note or a copy that lies there, which is of no group, stops nobody.
 *
 * @throws {Problem} `file-unreadable` for a folder that cannot be read, here, and for a file, when its text is asked for.
 */
export const textsBeside = (inventory: string, around: Surroundings): readonly BesideText[] =>
  (['group', 'host'] as const).flatMap(of => {
    const folder = join(dirname(inventory), `${of}_vars`)
    // A link that leads nowhere was meant to lead to variables.
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return []
    return namesIn(folder, around).flatMap(name =>
      textsAt(join(folder, name), { of, name: withoutEnding(name) }, around),
    )
  })

type Of = Pick<BesideText, 'of' | 'name'>

const textsAt = (path: string, of: Of, around: Surroundings): readonly BesideText[] => {
  if (existsSync(path) && statSync(path).isDirectory())
    return namesIn(path, around)
      .filter(name => ['', '.yml', '.yaml', '.json'].includes(extname(name)))
      .flatMap(name => textsAt(join(path, name), of, around))
  const file = shown(path, around)
  return [
    {
      ...of,
      file,
      get text() {
        return readText(path, file)
      },
    },
  ]
}

/** What begins with a dot, or ends as what an editor leaves, is no file of variables. */
const namesIn = (folder: string, around: Surroundings): readonly string[] =>
  namesBelow(folder, shown(folder, around))
    .filter(name => !/^\.|~$/.test(name))
    .toSorted()

const withoutEnding = (name: string): string => basename(name).replace(/\.(ya?ml|json)$/, '')
