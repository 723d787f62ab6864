// The floor that runs are held against: as many commands by OpenSSH's client, one connection a node, one after the other.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Lab, paths } from '../../lab/words.ts'
import { quoteWord } from '../../src/shell/quote.ts'
import type { Sent } from './commands.ts'

export const hasSsh = (): boolean => spawnSync('ssh', ['-V']).status === 0

export type SshFiles = { readonly config: string; readonly ready: string }

/** Lays out what the client needs to reach the nodes of a lab. */
export const sshFiles = (lab: Lab, dir: string): SshFiles => {
  const files = { config: join(dir, 'ssh_config'), ready: join(dir, 'ssh_ready') }
  mkdirSync(join(dir, 'c'), { mode: 0o700 })
  writeFileSync(files.config, sshConfig(lab, dir))
  return files
}

const sshConfig = (lab: Lab, dir: string): string => {
  const { key, knownHosts } = paths(lab.dir)
  const nodes = lab.nodes.map(({ name, port }) => `Host ${name}\n  Port ${port}`)
  const all = ['Hostname 127.0.0.1', 'User root', `IdentityFile ${key}`, `UserKnownHostsFile ${knownHosts}`]
  const more = ['IdentitiesOnly yes', 'StrictHostKeyChecking yes', `ControlPath ${join(dir, 'c')}/%n`]
  return `${[...nodes, 'Host *', ...[...all, ...more].map(line => `  ${line}`)].join('\n')}\n`
}

/**
 * The script that sends as many commands as a run did, in its order, to the same nodes, and as long ones.
 *
 * They do nothing: what a node takes to answer is not counted here, in contrast to the run. The masters stay children
 * of the script and are waited for, so that their work is counted.
 */
export const sshScript = (sent: readonly Sent[], { config, ready }: SshFiles): string => {
  const hosts = [...new Set(sent.map(({ host }) => host))]
  const ssh = `ssh -F ${quoteWord(config)}`
  const fifo = quoteWord(ready)
  const told = `-o PermitLocalCommand=yes -o LocalCommand=${quoteWord(`echo %n >>${ready}`)}`
  return [
    'set -e',
    `rm -f ${fifo}; mkfifo ${fifo}; exec 3<>${fifo}`,
    ...hosts.map(host => `${ssh} -M -N ${told} ${host} </dev/null &`),
    // One line for each master that stands.
    ...hosts.map(() => 'read name <&3'),
    ...sent.map(({ host, script }) => `${ssh} ${host} ${quoteWord(`: ${quoteWord(script)}`)} </dev/null`),
    ...hosts.map(host => `${ssh} -O exit ${host} 2>&1`),
    'wait',
    '',
  ].join('\n')
}
