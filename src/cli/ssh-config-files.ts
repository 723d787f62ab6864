// Reads OpenSSH's client configuration: the user's file, the system's, and what they include.
import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { matchesGlob } from '../text/glob.ts'
import type { SshConfig, SshConfigFile } from '../transport/ssh-config-lines.ts'

export const readSshConfig = (home: string = homedir()): SshConfig => {
  const own = join(home, '.ssh')
  return {
    files: [join(own, 'config'), join(system, 'ssh_config')].flatMap(readIfThere),
    included(pattern, { path }) {
      const base = path.startsWith(`${system}/`) ? system : own
      return filesOf(resolve(base, pattern.replace(/^~(?=\/)/, home))).flatMap(readIfThere)
    },
  }
}

const system = '/etc/ssh'

/** In the order of their names, as a shell has it; patterns in the last part only, which is where they are in use. */
const filesOf = (pattern: string): readonly string[] => {
  if (!/[*?]/.test(basename(pattern))) return [pattern]
  const folder = dirname(pattern)
  const names = readdirOf(folder).filter(name => !name.startsWith('.') && matchesGlob(basename(pattern), name))
  return [...names].sort().map(name => join(folder, name))
}

const readdirOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const readIfThere = (path: string): readonly SshConfigFile[] => {
  try {
    return [{ path, text: readFileSync(path, 'utf8') }]
  } catch {
    return []
  }
}
