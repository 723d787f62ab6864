// The floor: what the twenty steps cost where nobody checks, writes a journal or tells anything.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the files of the playbook are when it is filled in, by their names in `floor.sh`. */
const contents = (steps: string): ReadonlyMap<string, string> => {
  const file = (name: string) => readFileSync(join(steps, 'files', name), 'utf8')
  return new Map([
    ['motd', 'Kept by a playbook.\n'],
    ['licence', file('licence.txt')],
    ['terms', file('terms.txt')],
    ['app', 'port = 8300\ndata = /srv/app/data\nlog = /srv/app/log\nagent.1 = messaging\nagent.2 = archive\n'],
    ['agents', ['messaging', 'archive'].map(agent => `[${agent}]\nqueue = /srv/app/data/${agent}\n`).join('')],
    ['surroundings', 'APP=/srv/app\nPORT=8300\n'],
  ])
}

/** The script of one host: the contents, and what is done with them. */
export const floorScript = (steps: string): string => {
  const cases = [...contents(steps)].map(([name, text]) => `${name}) cat <<'END'\n${text}END\n;;`)
  const functions = `content_of() { case $1 in\n${cases.join('\n')}\nesac; }\n`
  return functions + readFileSync(join(steps, 'floor.sh'), 'utf8')
}

/** Arguments of Node.js. @param list File of the nodes, as JSON. @param script What is run on each. */
export const floorCommand = (root: string, list: string, script: string): readonly string[] => [
  join(root, 'bench/beside/floor.js'),
  list,
  script,
]
