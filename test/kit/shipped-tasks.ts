// The task modules that are shipped, as the command has them.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Registry } from '../../src/plan/registry.ts'
import { createRegistry } from '../../src/plan/registry.ts'

const folder = new URL('../../tasks/', import.meta.url)

export const shippedTasks = async (): Promise<Registry> => {
  const names = readdirSync(fileURLToPath(folder)).filter(name => name.endsWith('.ts'))
  const loaded = names.map(async name => {
    const { default: module } = (await import(new URL(name, folder).href)) as { readonly default: unknown }
    return [name.replace(/\.ts$/, ''), module] as const
  })
  const { registry, problems } = createRegistry([Object.fromEntries(await Promise.all(loaded))])
  if (problems.length > 0) throw new AggregateError(problems)
  return registry
}
