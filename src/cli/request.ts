// What was asked for on the command line, as data: to ask for the same again, from wherever somebody stands.
import { resolve } from 'node:path'
import type { RunRequest } from '../model/request.ts'
import { narrowingOf } from '../plan/narrowing.ts'
import { isFileName } from './playbook-files.ts'
import { siteName, sitePath } from './site-path.ts'

type Asked = Omit<RunRequest, 'playbook'>

/** @returns Files by their name at the site, the rest as it was typed. */
export const requestOf = (
  playbook: string,
  flags: Asked,
  at: { readonly cwd: string; readonly site: string },
): RunRequest => {
  const named = (path: string) => siteName(resolve(at.cwd, path), at.site)
  return asked({ ...flags, playbook }, named)
}

/** The same request with the whole path of each file, so that it does not matter where somebody stands. */
export const askedAgain = (request: RunRequest, site: string): RunRequest =>
  asked(request, name => sitePath(name, site))

const asked = (request: RunRequest, name: (path: string) => string): RunRequest => {
  const { playbook, inventory, extraVars } = request
  return {
    playbook: isFileName(playbook) ? name(playbook) : playbook,
    ...(inventory !== undefined && { inventory: name(inventory) }),
    ...narrowingOf(request),
    ...(extraVars && { extraVars: extraVars.map(text => (text.startsWith('@') ? `@${name(text.slice(1))}` : text)) }),
  }
}
