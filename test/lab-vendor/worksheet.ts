// What a person types into the stand-in of the Installation program; tests replace single answers.
import type { Answer } from './scratch.ts'

export type Worksheet = { readonly port: number; readonly address: string; readonly agents?: '1' | '2' }

const opening = (option: '1' | '2'): Answer[] => [
  [/license agreement\?/, 'y'],
  [/to a cluster\?/, 'y'],
  [/1\. Create a new system[\s\S]*Select an option:/, option],
  [/Mount point for shared storage:/, '/mnt/messenger'],
]

/** All answers on the preferred node; the agents listen on one loopback address only, so tests do not meet. */
export const create = ({ port, address, agents = '1' }: Worksheet): Answer[] => [
  ...opening('1'),
  [/Installation path \[\/opt\/novell\/messenger\]:/, ''],
  [/eDirectory tree:/, 'acme_tree'],
  [/Context of the Messenger server object:/, 'ou=messenger,o=acme'],
  [/LDAP host:/, '127.0.0.1'],
  [/LDAP port .*\[389\]:/, String(port)],
  [/User DN:/, 'cn=admin,o=acme'],
  [/Password:/, 'novell'],
  [/User contexts/, 'ou=users,o=acme; o=acme'],
  [/Messaging Agent only[\s\S]*Select an option:/, agents],
  [/Server address:/, address],
  [/Bind to this address only\?/, 'y'],
  [/Use TLS for the agents\?/, 'n'],
  [/Messaging Agent port \[8300\]:/, ''],
  ...(agents === '1' ? [[/Archive Agent port \[8310\]:/, ''] as const] : []),
  [/administration files\?/, 'n'],
  [/start the Messenger agents\?/, 'n'],
]

/** All answers on a subsequent node. */
export const join = (...changes: readonly Answer[]): Answer[] => [
  ...opening('2'),
  [/Proceed with these settings[\s\S]*Select an option:/, changes.length === 0 ? '1' : '2'],
  ...changes,
  [/start the Messenger agents\?/, 'n'],
]

/** The answers with other ones in the place of the one whose prompt looks so. */
export const instead = (answers: readonly Answer[], prompt: string, ...others: readonly Answer[]): Answer[] => {
  const at = answers.findIndex(([pattern]) => pattern.source.includes(prompt))
  if (at < 0) throw new Error(`no prompt has ${prompt}`)
  return [...answers.slice(0, at), ...others, ...answers.slice(at + 1)]
}

/** The answers up to the one whose prompt looks so, which is the last. */
export const upTo = (answers: readonly Answer[], prompt: string): Answer[] =>
  answers.slice(0, answers.findIndex(([pattern]) => pattern.source.includes(prompt)) + 1)
