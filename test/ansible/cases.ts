// The cases: playbooks that ansible-core and `run` carry out alike, each with what is made ready before it.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMap, isSeq, parseDocument } from 'yaml'

export const folder = fileURLToPath(new URL('.', import.meta.url))

export type Case = {
  readonly name: string
  /** Below this folder. */
  readonly file: string
  /** A script of the same name that makes things ready, in the directory `{{ here }}`; empty where there is none. */
  readonly before: string
  /** It ends badly, or has files of tasks of its own: so no other case is carried out in the same run. */
  readonly isAlone: boolean
}

/** What one process carries out, twice: cases that end well go together. */
export type Batch = { readonly name: string; readonly cases: readonly Case[] }

const textOf = (name: string): string => readFileSync(`${folder}/cases/${name}.yml`, 'utf8')

export const cases: readonly Case[] = readdirSync(`${folder}/cases`)
  .filter(file => file.endsWith('.yml'))
  .map(file => file.slice(0, -'.yml'.length))
  .map(name => {
    const before = `cases/${name}.before.sh`
    const isAlone = /^# alone/m.test(textOf(name))
    return { name, file: `cases/${name}.yml`, before: existsSync(`${folder}/${before}`) ? before : '', isAlone }
  })

/** @param parts In how many of the same length those that go together are cut. */
export const batchesOf = (all: readonly Case[], parts: number): readonly Batch[] => {
  const together = all.filter(({ isAlone }) => !isAlone)
  const cut = Array.from({ length: parts }, (_, part) => ({
    name: `batch${part}`,
    cases: together.filter((_case, at) => at % parts === part),
  }))
  const alone = all.filter(({ isAlone }) => isAlone).map(one => ({ name: one.name, cases: [one] }))
  return [...cut.filter(batch => batch.cases.length > 0), ...alone]
}

/**
 * Writes the playbooks with the directories of each case among the variables of its plays, and one that imports them.
 *
 * @returns The files of the batches, by their names.
 */
export const writeBatches = (batches: readonly Batch[], to: string, desks: string): ReadonlyMap<string, string> => {
  mkdirSync(`${to}/cases`, { recursive: true })
  cpSync(`${folder}/cases`, `${to}/cases`, { recursive: true })
  for (const one of batches.flatMap(batch => batch.cases)) writeFileSync(`${to}/${one.file}`, withPlaces(one, desks))
  return new Map(
    batches.map(({ name, cases: own }) => {
      const file = `${to}/${name}.yml`
      writeFileSync(file, own.map(one => `- import_playbook: ${one.file}\n`).join(''))
      return [name, file]
    }),
  )
}

const withPlaces = (one: Case, desks: string): string => {
  const document = parseDocument(textOf(one.name))
  if (!isSeq(document.contents)) throw new Error(`${one.name} is no list of plays`)
  for (const play of document.contents.items) {
    if (!isMap(play)) continue
    play.setIn(['vars', 'here'], hereOf(one))
    play.setIn(['vars', 'desk'], `${desks}/${one.name}`)
  }
  return document.toString({ lineWidth: 0 })
}

/** Directory of a case on each node, `{{ here }}`; below it a playbook names what it makes. */
export const hereOf = ({ name }: Case): string => `/srv/cases/${name}`

/** How one task ended on one host. */
export type StepEnd = {
  /** As the address of a step has it. */
  readonly name: string
  readonly host: string
  readonly outcome: 'ok' | 'changed' | 'failed' | 'ignored' | 'skipped' | 'unreachable'
}

export type CaseRun = {
  readonly status: number
  readonly steps: readonly StepEnd[]
  /** What then lies below `{{ here }}`, on the nodes, and below `{{ desk }}`, on the controller. */
  readonly tree: string
  readonly desk: string
  /** What it wrote on the screen, for whoever looks into a difference. */
  readonly said: string
}
