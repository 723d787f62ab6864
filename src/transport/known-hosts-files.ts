// Reads known_hosts files; one that is not there is an empty one.
import { readFile } from 'node:fs/promises'
import type { KnownHostsFile } from './known-hosts.ts'

export const readKnownHosts = (paths: readonly string[]): Promise<readonly KnownHostsFile[]> =>
  Promise.all(paths.map(async path => ({ path, text: await readFile(path, 'utf8').catch(() => '') })))
