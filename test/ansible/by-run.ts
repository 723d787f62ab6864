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
import { type Case, type CaseRun, folder, hereOf, type StepEnd } from './cases.ts'

export const hosts = ['node1', 'node2', 'node3']

/** Two at a time: each lane is a cluster of its own by name, so that its runs wait for no other lane's. */
const lanes = ['one', 'two']

export const byRun = async (
  lab: Lab,
  site: string,
  cases: readonly Case[],
): Promise<ReadonlyMap<string, readonly CaseRun[]>> => {
  const told = new Map<string, readonly CaseRun[]>()
  const left = [...cases]
  for (const lane of lanes) {
    mkdirSync(`${site}/${lane}`)
    writeFileSync(`${site}/${lane}.yml`, inventoryOf(lane))
    writeFileSync(`${site}/run.yml`, 'inventory: one.yml\n')
  }
  const work = async (lane: string) => {
    for (let one = left.shift(); one; one = left.shift()) told.set(one.name, await carryOut(one, { lab, site, lane }))
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

type At = { readonly lab: Lab; readonly site: string; readonly lane: string }

const carryOut = async (one: Case, at: At): Promise<readonly CaseRun[]> => {
  const desk = `${at.site}/desks/${one.name}`
  mkdirSync(desk, { recursive: true })
  const before = one.before === '' ? '' : readFileSync(`${folder}/${one.before}`, 'utf8')
  await onEach(at.lab, hosts, `mkdir -p ${hereOf(one)} && cd ${hereOf(one)} && sh -e`, before)
  return [await runOnce(one, desk, at), await runOnce(one, desk, at)]
}

const runOnce = async (one: Case, desk: string, { lab, site, lane }: At): Promise<CaseRun> => {
  const words = ['playbook', `${folder}/${one.file}`, '-i', `${lane}.yml`, '--yes']
  const { status, said } = await call([...words, '-e', `here=${hereOf(one)}`, '-e', `desk=${desk}`], site)
  const id = /runs\/([^/\s]+)\/events\.jsonl/.exec(said)?.[1]
  const script = readFileSync(`${folder}/tree.sh`, 'utf8').replace('"$1"', '"$0"')
  const steps = id === undefined ? [] : stepsOf(readJournal(`${site}/.run/runs`, id))
  const touched = hosts.filter(host => host === hosts[0] || steps.some(step => step.host === host))
  const trees = await onEach(lab, touched, `sh -c "$(cat)" ${hereOf(one)}`, script)
  const { stdout } = await promisify(execFile)('sh', [`${folder}/tree.sh`, desk])
  return {
    status,
    steps,
    tree: merged(trees),
    desk: stdout,
    said,
  }
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

const stepsOf = (events: readonly RunEvent[]): readonly StepEnd[] =>
  summed(
    events.flatMap(event =>
      event.type === 'step-ended'
        ? [{ name: event.step.replace(/^[^/]*\//, ''), host: event.host, outcome: outcomeOf(event) }]
        : [],
    ),
  )

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
