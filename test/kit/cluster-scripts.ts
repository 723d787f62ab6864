// The scripts of the cluster resource as a site would have them: settings by name, filled into the shipped templates.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TextTemplate } from '../../src/task/schemas.ts'
import { render } from '../../src/template/render.ts'
import { compileTemplate, placeInSource } from '../../src/template/template.ts'
import { source } from '../../src/text/source.ts'
import { type ScriptSettings, scriptSettings, templateValues } from '../../tasks/lib/cluster-scripts/settings.ts'
import type { ScriptName } from '../../tasks/lib/cluster-scripts/standing.ts'

const messagingAgent = { service: 'novell-nmma', process: 'nmma' }
const archiveAgent = { service: 'novell-nmaa', process: 'nmaa' }

export const agentsOf = {
  both: [messagingAgent, archiveAgent],
  'no archive': [messagingAgent],
  units: [
    { service: 'gwm-nmma.service', process: 'nmma' },
    { service: 'gwm-nmaa.service', process: 'nmaa' },
  ],
}

export const mountPoint = '/mnt/messenger'
const linux = { fstype: 'ext4', device: '/dev/messenger/data' }

export const storages = {
  nss: { kind: 'nss', pool: 'MSGPOOL', volume: 'MSGVOL', volume_id: 254, ncp_server: 'CLUSTER_MSGPOOL_SERVER' },
  'nss without NCP server': { kind: 'nss', pool: 'MSGPOOL', volume: 'MSGVOL', volume_id: 254 },
  plain: { kind: 'plain', ...linux },
  lvm: { kind: 'lvm', group: 'shared', fstype: 'ext4', device: '/dev/shared/messenger' },
  evms: { kind: 'evms', group: 'Share', fstype: 'ext4', device: '/dev/evms/Share/dat' },
  'evms left active': {
    kind: 'evms',
    group: 'Share',
    fstype: 'ext4',
    device: '/dev/evms/Share/dat',
    deactivate: false,
  },
}

/** @throws {ZodError} as the schema says. */
export const settingsOf = (
  storage: { readonly kind: string; readonly [setting: string]: unknown },
  more: object = {},
): ScriptSettings =>
  scriptSettings.parse({
    storage,
    mount_point: storage.kind === 'nss' ? '/media/nss/MSGVOL' : mountPoint,
    address: '10.88.1.100',
    agents: agentsOf.both,
    ...more,
  })

export const generate = (name: ScriptName, settings: ScriptSettings): string =>
  templateOf(name).fill(templateValues(settings))

/** The shipped template, as a step gets it. */
export const templateOf = (name: ScriptName): TextTemplate => {
  const file = fileURLToPath(
    new URL(`../../playbooks/templates/cluster/${name.replace(' script', '')}.sh.j2`, import.meta.url),
  )
  const text = readFileSync(file, 'utf8')
  const { template, problems } = compileTemplate(text, placeInSource(source(file, text)))
  if (problems[0]) throw problems[0]
  return { text, fill: values => String(render(template, values)) }
}
