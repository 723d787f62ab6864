// What a site has, for completion: read without a secret, and where it cannot be read there is nothing to propose.
import { join } from 'node:path'
import type { Inventory } from '../../inventory/inventory.ts'
import { listRuns } from '../../journal/index.ts'
import { tasksOf } from '../../playbook/parse.ts'
import type { Play, Step } from '../../playbook/playbook.ts'
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
  const playsOf = async (name: string): Promise<readonly Play[]> => {
    const { registry } = await loadTasks(settings, loading)
    const file = await findPlaybook(name, settings, around)
    return (await readPlaybook(file, { registry, loading, around, secrets: nothingSecret })).plays
  }
  return {
    playbooks: () => [
      ...new Set([join(settings.site, 'playbooks'), shipped('playbooks')].flatMap(playbooksIn).map(withoutEnding)),
    ],
    stepsOf: async name => (await playsOf(name)).flatMap(play => tasksOf(play.steps).map(({ id }) => id)),
    tagsOf: async name => (await playsOf(name)).flatMap(({ tags, steps }) => [...tags, ...steps.flatMap(tagsIn)]),
    hosts: async () => (await read()).hosts.map(({ name }) => name),
    groups: async () => (await read()).groups.map(({ name }) => name),
    variables: async () => (await read()).hosts.flatMap(({ variables }) => Object.keys(variables)),
    tasks: async () => [...(await loadTasks(settings, loading)).registry.keys()],
    runs: () => listRuns(settings.runs).map(each => each.run),
  }
}

const tagsIn = (step: Step): readonly string[] => {
  if (step.type === 'task') return step.tags
  if (step.type !== 'block') return []
  return [...step.tags, ...[...step.block, ...step.rescue, ...step.always].flatMap(tagsIn)]
}
