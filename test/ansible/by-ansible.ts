// Carries the cases out with ansible-core, which runs on the node itself.
import { execFileSync } from 'node:child_process'
import type { Lab } from '../../lab/index.ts'
import { slug } from '../../src/model/address.ts'
import { login, run } from '../lab/ssh.ts'
import { type Batch, type CaseRun, folder, hereOf, writeBatches } from './cases.ts'

const at = '/srv/ansible'
const desks = '/srv/desks'

/** @param scratch A directory of this machine, which is there. */
export const byAnsible = async (
  lab: Lab,
  node: string,
  { batches, scratch }: { readonly batches: readonly Batch[]; readonly scratch: string },
): Promise<ReadonlyMap<string, readonly CaseRun[]>> => {
  const client = await login(lab, node)
  writeBatches(batches, `${scratch}/theirs`, desks)
  const archive = execFileSync(
    'tar',
    ['-C', `${scratch}/theirs`, '-cf', '-', '.', '-C', folder, 'callback', 'drive.py', 'inventory.yml', 'tree.sh'],
    {
      encoding: 'latin1',
    },
  )
  const unpacked = await run(client, `mkdir -p ${at} && base64 -d | tar -C ${at} -xf -`, toBase64(archive))
  if (unpacked.status !== 0) throw new Error(unpacked.stderr)
  const asked = batches.map(({ name, cases }) => ({
    name,
    file: `${at}/${name}.yml`,
    cases: cases.map(one => ({
      name: one.name,
      before: one.before === '' ? '' : `${at}/${one.before}`,
      here: hereOf(one),
      desk: `${desks}/${one.name}`,
    })),
  }))
  const said = await run(client, `/usr/bin/python3 ${at}/drive.py`, JSON.stringify(asked))
  if (said.status !== 0) throw new Error(said.stderr)
  const told = said.stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { readonly name: string; readonly runs: readonly CaseRun[] })
  return new Map(told.map(({ name, runs }) => [name, runs.map(withAddresses)]))
}

const withAddresses = (ran: CaseRun): CaseRun => ({
  ...ran,
  steps: ran.steps.map(step => ({ ...step, name: slug(step.name) })),
})

const toBase64 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('base64')
