// The cluster resource of a lab as an administrator has it: attributes in the directory, commands on a node.
import { setTimeout as sleep } from 'node:timers/promises'
import { Attribute, Change, Client } from 'ldapts'
import type { Client as SshClient } from 'ssh2'
import { type Lab, labDirectory } from '../../lab/index.ts'
import type { DirectoryState } from '../../lab/vendor/directory/state.ts'
import { output, run } from './ssh.ts'

export const address = '10.88.1.100'
const name = 'MESSENGER'
const admin = 'cn=admin,o=acme'
const dn = `cn=${name},cn=msgr1,o=acme`

/** Replaces attributes of the resource. */
export const setResource = async (lab: Lab, attributes: Readonly<Record<string, readonly string[]>>): Promise<void> => {
  const { entries } = (await labDirectory(lab.dir)) as DirectoryState // what the vendor's side of the lab keeps
  const client = new Client({ url: `ldap://127.0.0.1:${lab.directory.port}` })
  await client.bind(admin, entries[admin]?.userPassword?.[0] ?? '')
  const changes = Object.entries(attributes).map(
    ([type, values]) =>
      new Change({ operation: 'replace', modification: new Attribute({ type, values: [...values] }) }),
  )
  await client.modify(dn, changes)
  await client.unbind()
}

/** State and node of the resource, such as `Running node1`. */
export const whereIs = async (node: SshClient): Promise<string> => {
  const table = await output(node, 'cluster resources')
  const row = table.split('\n').find(line => line.startsWith(`${name} `)) ?? ''
  return row.trim().split(/ {2,}/).slice(1, -1).join(' ').replace(/ +/g, ' ')
}

/** Types a command such as `online`, and waits until the resource is where it is wanted. */
export const move = async (node: SshClient, words: string, wanted: string): Promise<void> => {
  const [word, ...more] = words.split(' ')
  await output(node, ['cluster', word, name, ...more].join(' '))
  await until(node, wanted)
}

export const until = async (node: SshClient, wanted: string, withinMs = 30_000): Promise<void> => {
  let seen = ''
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(100)) {
    seen = await whereIs(node)
    if (seen === wanted) return
    if (seen.startsWith('Comatose')) break
  }
  throw new Error(`${name} is "${seen}", not "${wanted}"\n${(await run(node, `tail -n 20 ${traces}`)).stdout}`)
}

const traces = `/var/opt/novell/log/ncs/${name}.*.out`
