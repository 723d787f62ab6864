// Carries the cases out with ansible-core, which runs on the node itself.
import { execFileSync } from 'node:child_process'
import type { Lab } from '../../lab/index.ts'
import { slug } from '../../src/model/address.ts'
import { login, run } from '../lab/ssh.ts'
import { type Case, type CaseRun, folder, hereOf } from './cases.ts'

const at = '/srv/ansible'

export const byAnsible = async (
  lab: Lab,
  node: string,
  cases: readonly Case[],
): Promise<ReadonlyMap<string, readonly CaseRun[]>> => {
  const client = await login(lab, node)
  const archive = execFileSync('tar', ['-C', folder, '-cf', '-', '.'], { encoding: 'latin1' })
  const unpacked = await run(client, `mkdir -p ${at} && base64 -d | tar -C ${at} -xf -`, toBase64(archive))
  if (unpacked.status !== 0) throw new Error(unpacked.stderr)
  const asked = cases.map(one => ({
    name: one.name,
    file: `${at}/${one.file}`,
    before: one.before === '' ? '' : `${at}/${one.before}`,
    here: hereOf(one),
    desk: `/srv/desks/${one.name}`,
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
