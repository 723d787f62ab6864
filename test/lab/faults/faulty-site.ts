// A site on which something goes wrong: a small playbook that meets node and partition, and what a failed run has to tell.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { type Fault, labFault } from '../../../lab/index.ts'
import type { ProblemRecord, RunEvent } from '../../../src/model/events.ts'
import { eventsOf } from '../e2e/changes.ts'
import type { Ran } from '../e2e/command.ts'
import { mountedOn } from '../e2e/machines.ts'
import { openSite, type Site, type SiteOptions } from '../e2e/site.ts'

export type FaultySite = Site & {
  /** Writes a file of the site. */
  write(path: string, text: string): void
  fault(node: string, fault: Fault): Promise<void>
  /** The cause is mended: the same command finishes the work, and the partition is mounted nowhere. */
  finishes(...args: readonly string[]): Promise<Ran>
}

const here = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** The site has a dialogue of its own: the vendor's words, and less patience. */
export const dialogueFile = 'playbooks/dialogues/messenger-2.2.yml'

const partition = `partition:
          kind: "{{ partition.kind }}"
          device: "{{ partition.device }}"
          fstype: "{{ partition.fstype }}"
          at: "{{ mount_point }}"
          resource: "{{ cluster_resource }}"`

/** A playbook for the failover list: steps on the node, then steps with the partition held. */
export const failoverPlay = ({ onNode = '', held }: { readonly onNode?: string; readonly held: string }): string => `
- name: Under test
  hosts: failover_list
  strategy: failover
  tasks:
${indented(onNode, 4)}
    - name: Partition
      hold:
        ${partition}
      block:
${indented(held, 8)}
`

const indented = (text: string, by: number): string => text.trim().replace(/^/gm, ' '.repeat(by))

const small = failoverPlay({
  onNode: '- { name: Mark, file: { path: /etc/mark, content: "marked\\n" } }',
  held: '- { name: Data, file: { path: "{{ mount_point }}/data", content: "kept\\n" } }',
})

export const openFaultySite = async (options: SiteOptions = {}): Promise<FaultySite> => {
  const site = await openSite(options)
  const write = (path: string, text: string) => {
    mkdirSync(dirname(`${site.dir}/${path}`), { recursive: true })
    writeFileSync(`${site.dir}/${path}`, text)
  }
  cpSync(here('playbooks'), `${site.dir}/playbooks`, { recursive: true })
  const dialogue = readFileSync(here(dialogueFile), 'utf8')
  write(dialogueFile, dialogue.replace('within: 60s', 'within: 3s\nsettle: 50ms'))
  write('playbooks/small.yml', small)
  return {
    ...site,
    write,
    fault: (node, fault) => labFault(site.lab.dir, node, fault),
    async finishes(...args) {
      const ran = await site.run(...args)
      expect(ran, ran.stderr).toMatchObject({ status: 0 })
      expect(mountedOn(site.lab)).toEqual([])
      return ran
    },
  }
}

/**
 * The problem that ended a run.
 *
 * It has to tell how things stand and what to do, and the screen has to say how to go on.
 */
export const failureOf = (ran: Ran): ProblemRecord => {
  const [ended] = eventsOf(ran.events, 'run-ended')
  expect(ended, ran.stderr).toMatchObject({ exitCode: ran.status, problem: { state: words, help: words } })
  expect(ran.stderr).toMatch(/^then {2}run (?:resume|playbook) \S+/m)
  for (const said of [ended?.problem?.summary, ended?.problem?.state]) expect(ran.stderr).toContain(said)
  return ended?.problem ?? { code: 'none', summary: 'it has failed without a problem' }
}

const words = expect.stringMatching(/\w+ \w+/)

/** How each step ended, by its address. */
export const outcomesOf = ({ events }: Ran): Readonly<Record<string, string>> =>
  Object.fromEntries(eventsOf(events, 'step-ended').map(({ step, host, outcome }) => [`${step}@${host}`, outcome]))

/** What became of holds, in order, such as `hold-released node1`. */
export const holdsOf = ({ events }: Ran): readonly string[] =>
  events.filter(isAboutHold).map(({ type, host }) => `${type} ${host}`)

type HoldEvent = Extract<RunEvent, { readonly type: `hold-${string}` }>

const isAboutHold = (event: RunEvent): event is HoldEvent => event.type.startsWith('hold-')
