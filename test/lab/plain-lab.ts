// Labs without namespaces for a test file: sites of their own, two nodes without delays, brought up where a kernel grants none.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { type Lab, labDown, labStatus } from '../../lab/index.ts'
import { confined } from './confined.ts'
import { beginCommand, type Ran } from './e2e/command.ts'
import { login, output } from './ssh.ts'

/** Where the sites lie, by their names. */
export const place = mkdtempSync(join(tmpdir(), 'run-plain-'))
const names: string[] = []

afterAll(async () => {
  for (const name of names) await labDown(join(place, name, '.run/lab'))
  rmSync(place, { recursive: true })
})

export const runIn = (name: string, ...args: readonly string[]): Promise<Ran> => {
  const dir = join(place, name)
  return beginCommand({ dir, before: confined(dir) }, args).end
}

export const openPlainLab = async (name: string): Promise<Lab> => {
  const dir = join(place, name)
  names.push(name)
  mkdirSync(dir)
  const inventory = readFileSync(fileURLToPath(new URL('../../inventory/lab.yml', import.meta.url)), 'utf8')
  writeFileSync(`${dir}/inventory.yml`, inventory.replace(', node3]', ']').replace('    node3:\n', ''))
  writeFileSync(`${dir}/run.yml`, 'inventory: inventory.yml\n')
  const { stderr } = await runIn(name, 'lab', 'up', '--nodes', '2')
  const lab = await labStatus(`${dir}/.run/lab`)
  if (!lab) throw new Error(`the lab did not come up: ${stderr}`)
  for (const node of lab.nodes) await on(lab, node.name, `printf '%s\\n' ${noDelays} >/etc/lab/delays`)
  return lab
}

const noDelays = 'installer_step=0 agent_start=0 agent_stop=0'

/** What a command prints on a node, when it ends well. */
export const on = async (lab: Lab, node: string, text: string): Promise<string> => output(await login(lab, node), text)
