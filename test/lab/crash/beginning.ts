// Where a run of a playbook begins: on a cluster that nobody has touched, or where another playbook has come to.
import { rmSync } from 'node:fs'
import { labRestore, labSnapshot, labStatus } from '../../../lab/index.ts'
import { atRest } from '../e2e/machines.ts'
import type { Site } from '../e2e/site.ts'

/** What has to be there before: the paths are those of agents that are installed. */
const before: Readonly<Record<string, readonly string[]>> = {
  paths: ['playbook', 'install', '--to', 'install/agents-test'],
}

/** Puts the cluster there, and forgets all runs. */
export const beginAnew = async (site: Site, playbook: string): Promise<void> => {
  const args = before[playbook]
  if (args === undefined) await site.refresh()
  else await restoreAfter(site, { playbook, args })
  rmSync(`${site.dir}/.run/runs`, { recursive: true, force: true })
}

type Before = { readonly playbook: string; readonly args: readonly string[] }

/** Made once a lab, when it is first asked for. */
const restoreAfter = async (site: Site, { playbook, args }: Before): Promise<void> => {
  const name = `before-${playbook}`
  if (!(await labStatus(site.lab.dir))?.snapshots.includes(name)) {
    await site.refresh()
    const { status, stderr } = await site.run(...args)
    if (status !== 0) throw new Error(`nothing to begin ${playbook} on:\n${stderr}`)
    await labSnapshot(site.lab.dir, name)
  }
  await labRestore(site.lab.dir, name)
  await atRest(site.lab)
}
