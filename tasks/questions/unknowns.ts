// What nobody wrote down about Messenger and its cluster, found where it can be found: words, names, encodings, versions.
import { entry, type Holders, holders, probe, question, service, type Told, z } from '#task'
import { modeForm } from '../lib/cluster-object/forms.ts'
import { clusterScripts } from '../lib/cluster-object/kinds.ts'
import { isSameList, lookAtPolicies, preferredNodes } from '../lib/cluster-object/preferred-nodes.ts'
import { notFound } from '../lib/cluster-object/problems.ts'
import { agentServices, clusterResourceName, directory, installer, serviceOf, system } from '../lib/questions/values.ts'
import { startupSwitches } from '../lib/startup-switches.ts'

const whose = {
  ldap_directory: directory,
  cluster_resource: clusterResourceName,
  cluster_name: z.string(),
  cluster_dn: z.string().nullish(),
}

type Whose = z.infer<z.ZodObject<typeof whose>>

const whoseOf = ({ cluster_resource, cluster_dn, cluster_name }: Whose) => ({
  resource: cluster_resource,
  cluster: cluster_dn || cluster_name,
})

/** How the directory writes each mode, as far as the inventory says it. */
const codes = z
  .object({ failover: z.record(z.string(), z.string()), failback: z.record(z.string(), z.string()) })
  .partial()

/** Which path of the worksheet, and what it is before anybody changes it. @source Messenger 2.2, 11.2.2 */
const paths = [
  {
    key: 'messaging_queue',
    name: 'Messaging Agent queue path',
    at: '/var/opt/novell/messenger/ma/queue',
    dir: 'ma/queue',
  },
  { key: 'messaging_log', name: 'Messaging Agent log path', at: '/var/opt/novell/log/messenger/ma', dir: 'ma/log' },
  { key: 'store', name: 'store path', at: '/var/opt/novell/messenger/aa/store', dir: 'aa/store' },
  { key: 'archive_queue', name: 'Archive Agent queue path', at: '/var/opt/novell/messenger/aa/queue', dir: 'aa/queue' },
  { key: 'archive_log', name: 'Archive Agent log path', at: '/var/opt/novell/log/messenger/aa', dir: 'aa/log' },
]

export default [
  question({
    name: 'directory',
    needs: { ldap_directory: directory, messenger: system },
    async ask({ look, values: { messenger } }) {
      const seen = await look(entry(messenger.server_context))
      if (seen.type === 'entry') return { text: `answers, ${messenger.server_context} is there` }
      return {
        text: `answers, no ${messenger.server_context}`,
        wrong: `the directory has no ${messenger.server_context}: correct \`messenger.server_context\`, or create it`,
      }
    },
  }),
  question({
    name: 'failover list in the directory',
    ofCluster: true,
    needs: { ...whose, failover_list: z.array(z.string()).min(1) },
    async ask({ look, values }) {
      const { failover_list: nodes } = values
      const { seen, known } = await lookAtPolicies({ look }, whoseOf(values))
      const found = preferredNodes(seen, known, { nodes })
      const text = found.join(' → ')
      if (isSameList(found, nodes)) return { text }
      return { text, wrong: `the cluster prefers ${text}, and the inventory has ${nodes.join(' → ')}` }
    },
  }),
  question({
    name: 'modes of the cluster resource',
    ofCluster: true,
    needs: { ...whose, cluster_policies: z.object({ codes }).partial().optional() },
    async ask({ look, values }) {
      const { seen } = await lookAtPolicies({ look }, whoseOf(values))
      return modesTold(seen.failover_mode, seen.failback_mode, values.cluster_policies?.codes)
    },
  }),
  question({
    name: 'timeouts of the cluster scripts',
    ofCluster: true,
    needs: whose,
    async ask({ look, values }) {
      const seen = await look(clusterScripts(whoseOf(values)))
      if (seen.type !== 'scripts') throw notFound(seen, whoseOf(values))
      return timeoutsTold(seen.load_timeout, seen.unload_timeout)
    },
  }),
  ...paths.map(path =>
    question({
      name: `attribute of the ${path.name}`,
      ofCluster: true,
      needs: { ldap_directory: directory, messenger: system, mount_point: z.string() },
      async ask({ look, values: { messenger, mount_point } }) {
        const below = serviceOf(messenger)
        const old = await look(holders(path.at, below))
        const now = await look(holders(`${mount_point}/${path.dir}`, below))
        return attributeTold(path, [old, now])
      },
    }),
  ),
  question({
    name: 'agents installed',
    async ask({ look }) {
      const { stdout } = await look(probe(programs))
      return programsTold(stdout.split('\n').filter(Boolean))
    },
  }),
  question({
    name: 'packages',
    needs: { installer: installer.partial().optional() },
    async ask({ look }) {
      const { stdout } = await look(probe("rpm -qa | grep -i -e messenger -e '^novell-ncs' | sort"))
      return packagesTold(stdout.split('\n').filter(Boolean))
    },
  }),
  ...(['messaging', 'archive'] as const).map(agent =>
    question({
      name: `status of the ${agent === 'messaging' ? 'Messaging' : 'Archive'} Agent`,
      needs: { agent_services: agentServices },
      async ask({ look, values: { agent_services } }) {
        const name = agent_services[agent]
        return statusTold(name, await look(service(name)))
      },
    }),
  ),
  question({
    name: 'startup files',
    async ask({ look }) {
      const { stdout } = await look(probe(startupFiles))
      const files = stdout.split('\n').filter(Boolean)
      const told = await Promise.all(
        files.map(async path => `${path}: ${(await look(startupSwitches(path))).names.join(' ') || 'no switch'}`),
      )
      return { text: told.join('; ') || 'none' }
    },
  }),
]

type Mode = string | null | { readonly base64: string } | readonly (string | { readonly base64: string })[]

const inForm = (mode: Mode): string =>
  mode === null ? 'not set' : typeof mode === 'string' ? `"${mode}"` : JSON.stringify(mode)

/** A word tells what it means; of a number only iManager does. */
export const modesTold = (failover: Mode, failback: Mode, known: z.infer<typeof codes> = {}): Told => ({
  text: `failover ${inForm(failover)}, failback ${inForm(failback)}`,
  lines: [
    ...codeLines('failover', failover, { meanings: ['auto', 'manual'], codes: known.failover }),
    ...codeLines('failback', failback, { meanings: ['disable', 'auto', 'manual'], codes: known.failback }),
  ],
})

type Meanings = { readonly meanings: readonly string[]; readonly codes: Readonly<Record<string, string>> | undefined }

/** The usual meaning comes first. */
const codeLines = (mode: string, seen: Mode, { meanings, codes }: Meanings) => {
  if (typeof seen !== 'string' || modeForm(seen, { meanings, codes })) return []
  const [meaning = ''] = meanings
  return [
    {
      path: ['cluster_policies', 'codes', mode, meaning],
      value: seen,
      because: `the directory writes ${mode} as "${seen}"; where iManager shows another mode than ${meaning}, name that one`,
      isForAPerson: true,
    },
  ]
}

type Status =
  | { readonly type: 'absent' }
  | { readonly type: 'service'; readonly word: string; readonly exitCode: number | null }

export const statusTold = (name: string, seen: Status): Told => ({
  text:
    seen.type === 'absent' ? `${name} not installed` : `${name} says \`${seen.word}\`, exit status ${seen.exitCode}`,
})

export const timeoutsTold = (load: Mode, unload: Mode): Told => ({
  text: `load ${inForm(load)}, unload ${inForm(unload)}`,
  lines: [load, unload].flatMap(timeout => unitLines(timeout)).slice(0, 1),
})

/** What the worksheet takes it for unless told. */
const usualUnit = 'seconds'

/** In seconds. */
const units = { milliseconds: 0.001, seconds: 1, minutes: 60 } as const

/** The unit in which a script would have some minutes, for a person to compare; nobody knows which one is meant. */
const unitLines = (timeout: Mode) => {
  if (typeof timeout !== 'string' || !/^\d{1,9}$/.test(timeout)) return []
  const unit = Object.entries(units).find(([, seconds]) => isSomeMinutes(Number(timeout) * seconds))?.[0]
  if (unit === undefined || unit === usualUnit) return []
  const because = `the directory writes a timeout as "${timeout}"; compare it with what iManager shows`
  return [{ path: ['cluster_scripts', 'timeout_unit'], value: unit, because, isForAPerson: true }]
}

const isSomeMinutes = (seconds: number): boolean => seconds >= 60 && seconds <= 7200

type Path = (typeof paths)[number]

export const attributeTold = ({ key, at }: Path, [old, now]: readonly [Holders, Holders]): Told => {
  if (old.type === 'absent' || now.type === 'absent') return { text: 'not there before the system is created' }
  const [found, ...others] = [...old.found, ...now.found]
  if (!found)
    return {
      text: 'nothing has the default',
      mind: `no attribute has ${at}, so it is not set: name entry and attribute, \`paths_in_directory.${key}\``,
    }
  if (others.length > 0)
    return {
      text: 'several may be it',
      mind: `${[found, ...others].map(each => `${each.attribute} of ${each.dn}`).join(', ')}: name one, \`paths_in_directory.${key}\``,
    }
  const value = { object: found.dn, attribute: found.attribute }
  return {
    text: `${found.attribute} of ${found.dn}`,
    lines: [{ path: ['paths_in_directory', key], value, because: 'found by its value' }],
  }
}

const startupFiles = 'for path in /etc/opt/novell/messenger/strtup.*; do [ -e "$path" ] && echo "$path"; done; :'

const programs = `for path in /etc/init.d/novell-nm[am]a /etc/systemd/system/*nm[am]a.service /usr/lib/systemd/system/*nm[am]a.service
do [ -e "$path" ] && echo "$path"; done; :`

/** Messenger 18 and later have units. */
export const programsTold = (found: readonly string[]): Told => {
  const names = found.map(path => path.slice(path.lastIndexOf('/') + 1))
  const units = names.filter(name => name.endsWith('.service'))
  const [messaging, archive] = ['nmma.service', 'nmaa.service'].map(end => units.find(name => name.endsWith(end)))
  const because = 'units are there, and no init scripts'
  const isByUnits = units.length === names.length
  return {
    text: names.join(', ') || 'none',
    ...(messaging !== undefined &&
      isByUnits && {
        lines: [
          { path: ['agent_services', 'messaging'], value: messaging, because },
          ...(archive === undefined ? [] : [{ path: ['agent_services', 'archive'], value: archive, because }]),
        ],
      }),
  }
}

/** @source rpm: NAME-VERSION-RELEASE, and an architecture behind it where there is one */
export const packagesTold = (found: readonly string[]): Told => {
  const names = found.map(each => each.replace(/-[^-]+-[^-]+$/, '')).filter(name => /messenger/i.test(name))
  const servers = names.length > 1 ? names.filter(name => /server/i.test(name)) : names
  const [name] = servers
  return {
    text: found.join(', ') || 'none',
    ...(name !== undefined &&
      servers.length === 1 && {
        lines: [{ path: ['installer', 'package'], value: name, because: 'in the package database' }],
      }),
  }
}
