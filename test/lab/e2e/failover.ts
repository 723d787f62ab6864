// An installed site whose cluster resource has its scripts, so that the agents can move from node to node.
import type { ScriptSettings } from '../../../tasks/lib/cluster-scripts/settings.ts'
import { generate, settingsOf, storages } from '../../kit/cluster-scripts.ts'
import { setResource } from '../resource.ts'
import { openSite, type Site, type SiteOptions } from './site.ts'

/** Installs, and gives the resource the scripts that are generated for these settings; a state called `drilled`. */
export const openWithResource = async (
  options: SiteOptions,
  settings: ScriptSettings = settingsOf(storages.plain),
  before: (site: Site) => Promise<void> = async () => {},
): Promise<Site> => {
  const site = await openSite(options)
  await before(site)
  const { status, stderr } = await site.run('playbook', 'install')
  if (status !== 0) throw new Error(`install ended with ${status}:\n${stderr}`)
  await setResource(site.lab, {
    nCSCRMLoadScript: [generate('load script', settings)],
    nCSCRMUnloadScript: [generate('unload script', settings)],
  })
  return site
}

/** State and node of the resource as node1 tells them, such as `Running node2`. */
export const placeOf = async (site: Site): Promise<string> => {
  const table = await site.on('node1', 'cluster resources')
  const row = table.split('\n').find(line => line.startsWith('MESSENGER ')) ?? ''
  return row.trim().split(/\s+/).slice(1, -1).join(' ')
}

export const waitForPlace = async (site: Site, wanted: string): Promise<void> => {
  let seen = ''
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    seen = await placeOf(site)
    if (seen === wanted) return
  }
  throw new Error(`the resource is "${seen}", not "${wanted}"`)
}
