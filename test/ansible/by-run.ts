// Carries the cases out with `run`, over SSH, on nodes of the lab.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import type { Lab } from '../../lab/index.ts'
import { readJournal } from '../../src/journal/index.ts'
import type { RunEvent } from '../../src/model/events.ts'
import { runFile } from '../lab/e2e/command.ts'
import { login, run } from '../lab/ssh.ts'
import { type Batch, type CaseRun, folder, hereOf, type StepEnd, writeBatches } from './cases.ts'

export const hosts = ['node1', 'node2', 'node3']

/** Two at a time: each lane is a cluster of its own by name, so that its runs wait for no other lane's. */
const lanes = ['one', 'two']

export const byRun = async (
  lab: Lab,
  site: string,
  batches: readonly Batch[],
): Promise<ReadonlyMap<string, readonly CaseRun[]>> => {
  const told = new Map<string, readonly CaseRun[]>()
  const files = writeBatches(batches, `${site}/ours`, `${site}/desks`)
  const left = [...batches]
  for (const lane of lanes) {
    writeFileSync(`${site}/${lane}.yml`, inventoryOf(lane))
    writeFileSync(`${site}/run.yml`, 'inventory: one.yml\n')
  }
  const work = async (lane: string) => {
    for (let batch = left.shift(); batch; batch = left.shift()) {
      const ran = await carryOut(batch, { lab, site, lane, file: files.get(batch.name) ?? '' })
      for (const [name, runs] of ran) told.set(name, runs)
    }
  }
  await Promise.all(lanes.map(work))
  return told
}

const inventoryOf = (lane: string): string =>
  stringify({
    provider: 'lab',
    cluster: { name: lane, failover_list: hosts },
    all: {
      children: { nodes: { hosts: Object.fromEntries(hosts.map(name => [name, null])) } },
      vars: { greeting: 'hello' },
    },
  })

type At = { readonly lab: Lab; readonly site: string; readonly lane: string; readonly file: string }

const carryOut = async (batch: Batch, at: At): Promise<ReadonlyMap<string, readonly CaseRun[]>> => {
  for (const one of batch.cases) mkdirSync(`${at.site}/desks/${one.name}`, { recursive: true })
  const before = batch.cases.map(one => {
    const script = one.before === '' ? ':' : readFileSync(`${folder}/${one.before}`, 'utf8')
    return `mkdir -p ${hereOf(one)} && (cd ${hereOf(one)} && set -e\n${script}\n) || exit\n`
  })
  await onEach(at.lab, hosts, 'sh -e', before.join(''))
  const [first, second] = [await runOnce(batch, at), await runOnce(batch, at)]
  return new Map(
    batch.cases.map(({ name }) => [name, [first.get(name), second.get(name)].filter(ran => ran !== undefined)]),
  )
}

const border = '=== another case'

const runOnce = async (batch: Batch, { lab, site, lane, file }: At): Promise<ReadonlyMap<string, CaseRun>> => {
  const { status, said } = await call(['playbook', file, '-i', `${lane}.yml`, '--yes'], site)
  const id = /runs\/([^/\s]+)\/events\.jsonl/.exec(said)?.[1]
  const ends = id === undefined ? new Map() : stepsOf(readJournal(`${site}/.run/runs`, id))
  const trees = await treesOn(lab, batch)
  const told = await Promise.all(
    batch.cases.map(async (one, at): Promise<readonly [string, CaseRun]> => {
      const steps: readonly StepEnd[] =
        batch.cases.length === 1 ? [...ends.values()].flat() : (ends.get(one.name) ?? [])
      const touched = hosts.map((host, index) => ({ host, tree: trees[index]?.[at] ?? '' }))
      const own = touched.filter(({ host }) => host === hosts[0] || steps.some(step => step.host === host))
      const { stdout } = await promisify(execFile)('sh', [`${folder}/tree.sh`, `${site}/desks/${one.name}`])
      return [one.name, { status, steps, tree: merged(own.map(({ tree }) => tree)), desk: stdout, said }]
    }),
  )
  return new Map(told)
}

/** What lies in the directory of each case, on each host, asked at once. */
const treesOn = async (lab: Lab, { cases }: Batch): Promise<readonly (readonly string[])[]> => {
  const script = readFileSync(`${folder}/tree.sh`, 'utf8').replace('"$1"', '"$0"')
  const all = cases.map(one => `sh -c "$script" ${hereOf(one)}; echo '${border}'`).join('\n')
  const said = await onEach(lab, hosts, `script=$(cat); ${all}`, script)
  return said.map(text => text.split(`${border}\n`))
}

const call = (words: readonly string[], cwd: string): Promise<{ readonly status: number; readonly said: string }> =>
  new Promise(resolve => {
    const env = { PATH: process.env.PATH, HOME: cwd, LANG: 'C.UTF-8' }
    execFile(process.execPath, [runFile, ...words], { cwd, env }, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr }),
    )
  })

const onEach = async (lab: Lab, hosts: readonly string[], command: string, input: string): Promise<readonly string[]> =>
  Promise.all(
    hosts.map(async host => {
      const { status, stdout, stderr } = await run(await clientOf(lab, host), command, input)
      if (status !== 0) throw new Error(`${command} on ${host}: ${stderr}`)
      return stdout
    }),
  )

const clients = new Map<string, ReturnType<typeof login>>()

const clientOf = (lab: Lab, host: string) => {
  const client = clients.get(host) ?? login(lab, host)
  clients.set(host, client)
  return client
}

/** Each line once, from the nodes that the playbook names: to ansible-core the three are one. */
const merged = (trees: readonly string[]): string => {
  const lines = [...new Set(trees.flatMap(tree => tree.split('\n')))]
  const [of, held] = [lines.filter(line => !line.startsWith('./')), lines.filter(line => line.startsWith('./'))]
  const nameIn = (line: string) => line.split(' ')[4] ?? ''
  const inOrder = of.filter(Boolean).sort((a, b) => Buffer.compare(Buffer.from(nameIn(a)), Buffer.from(nameIn(b))))
  return [...inOrder, ...held.sort(), ''].join('\n')
}

/** By the case, which is the first part of an address. */
const stepsOf = (events: readonly RunEvent[]): ReadonlyMap<string, readonly StepEnd[]> => {
  const ends = events.flatMap(event =>
    event.type === 'step-ended' ? [[event.step.split('/')[0] ?? '', endIn(event)] as const] : [],
  )
  const names = [...new Set(ends.map(([name]) => name))]
  return new Map(names.map(name => [name, summed(ends.flatMap(([of, end]) => (of === name ? [end] : [])))]))
}

const endIn = (event: Extract<RunEvent, { readonly type: 'step-ended' }>): StepEnd => ({
  name: event.step.replace(/^[^/]*\//, ''),
  host: event.host,
  outcome: outcomeOf(event),
})

/** Of the worst of them, to ansible-core, where a loop is one task. */
const worstFirst: readonly StepEnd['outcome'][] = ['unreachable', 'failed', 'ignored', 'changed', 'ok', 'skipped']

/** The items of a loop as one step. */
const summed = (steps: readonly StepEnd[]): readonly StepEnd[] => {
  const [items, others] = [steps.filter(isItem), steps.filter(step => !isItem(step))]
  const addressOf = ({ name, host }: StepEnd) => `${name.replace(/\[\d+\]$/, '')}@${host}`
  const sums = [...new Set(items.map(addressOf))].flatMap(address => {
    const ends = items.filter(item => addressOf(item) === address)
    const outcome = worstFirst.find(each => ends.some(end => end.outcome === each))
    const [name = '', host = ''] = address.split('@')
    return outcome ? [{ name, host, outcome }] : []
  })
  return [...others, ...sums]
}

const isItem = ({ name }: StepEnd): boolean => name.endsWith(']')

const outcomeOf = ({ outcome, ignored }: Extract<RunEvent, { readonly type: 'step-ended' }>): StepEnd['outcome'] => {
  if (outcome === 'same') return 'ok'
  if (outcome === 'failed') return ignored ? 'ignored' : 'failed'
  return outcome === 'changed' || outcome === 'skipped' ? outcome : 'unreachable'
}
