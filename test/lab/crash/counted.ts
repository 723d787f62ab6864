// How often the installation program was started on a node, as a wrapper around it has written down there.
import { labSnapshot } from '../../../lab/index.ts'
import { openSite, type Site } from '../e2e/site.ts'

/** The step that starts it. */
export const countedStep = 'install/installer'

/** What a wrapper around the installation program leaves on a node: a line when it starts, one when it has ended. */
export const countFile = '/var/log/installations'

const wrapper = '/media/messenger/counted'

// Not `exec`: who looks for the program by the words of its command line has to find the wrapper's.
const script = `#!/bin/sh
echo started >>${countFile}
/media/messenger/install "$@"
status=$?
echo "ended $status" >>${countFile}
exit $status`

/** A site whose installations are counted. */
export const openCountedSite = async (): Promise<Site> => {
  const site = await openSite({
    vary: vars => {
      vars.installer.command = wrapper
    },
  })
  for (const { name } of site.lab.nodes)
    await site.on(name, `cat >${wrapper} <<'END'\n${script}\nEND\nchmod 755 ${wrapper}`)
  await labSnapshot(site.lab.dir, 'fresh')
  return site
}

export type Count = { readonly started: number; readonly ended: readonly number[] }

export const countOn = async (site: Site, node: string): Promise<Count> => {
  const lines = (await site.on(node, `cat ${countFile} 2>/dev/null || :`)).split('\n')
  return {
    started: lines.filter(line => line === 'started').length,
    ended: lines.filter(line => line.startsWith('ended ')).map(line => Number(line.slice(6))),
  }
}
