// What a site has, for completion: read without a secret, and where it cannot be read there is nothing to propose.
import { join } from 'node:path'
import type { Inventory } from '../../inventory/inventory.ts'
import { listRuns } from '../../journal/index.ts'
import { tasksOf } from '../../playbook/parse.ts'
import { loadTasks, readInventory } from '../inputs.ts'
import { shipped } from '../modules.ts'
import { findPlaybook, playbooksIn, withoutEnding } from '../playbook-files.ts'
import { nothingSecret, readPlaybook } from '../read-playbook.ts'
import { findSettings } from '../settings.ts'
import type { Surroundings } from '../surroundings.ts'
import type { Known } from './candidates.ts'

/** @param inventory The file that the words name, where they name one. */
export const knownAt = (around: Surroundings, inventory: string | undefined): Known => {
  const settings = findSettings(around.cwd)
  const loading = { cache: join(settings.state, 'cache'), cwd: around.cwd }
  const read = (): Promise<Inventory> =>
    readInventory(inventory === undefined ? {} : { inventory }, settings, { around, secrets: nothingSecret })
  return {
    playbooks: () => [
      ...new Set([join(settings.site, 'playbooks'), shipped('playbooks')].flatMap(playbooksIn).map(withoutEnding)),
    ],
    async stepsOf(name) {
      const { registry } = await loadTasks(settings, loading)
      const file = await findPlaybook(name, settings, around)
      const { plays } = await readPlaybook(file, { registry, loading, around, secrets: nothingSecret })
      return plays.flatMap(play => tasksOf(play.steps).map(({ id }) => id))
    },
    hosts: async () => (await read()).hosts.map(({ name }) => name),
    groups: async () => (await read()).groups.map(({ name }) => name),
    tasks: async () => [...(await loadTasks(settings, loading)).registry.keys()],
    runs: () => listRuns(settings.runs).map(each => each.run),
  }
}
