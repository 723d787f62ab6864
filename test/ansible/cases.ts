// The cases: playbooks that ansible-core and `run` carry out alike, each with what is made ready before it.
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const folder = fileURLToPath(new URL('.', import.meta.url))

export type Case = {
  readonly name: string
  /** Below this folder. */
  readonly file: string
  /** A script of the same name that makes things ready, in the directory `{{ here }}`; empty where there is none. */
  readonly before: string
}

export const cases: readonly Case[] = readdirSync(`${folder}/cases`)
  .filter(file => file.endsWith('.yml'))
  .map(file => file.slice(0, -'.yml'.length))
  .map(name => {
    const before = `cases/${name}.before.sh`
    return { name, file: `cases/${name}.yml`, before: existsSync(`${folder}/${before}`) ? before : '' }
  })

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
