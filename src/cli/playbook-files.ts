// Finds the files that a user names: a playbook by its name or path, and what was most likely meant where it is not there.
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import { didYouMean, proposal } from '../text/did-you-mean.ts'
import { shipped } from './modules.ts'
import { readText } from './read-text.ts'
import type { Settings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'

const endings = ['.yml', '.yaml', '.ts'] as const

export const isFileName = (playbook: string): boolean => playbook.includes('/') || isPlaybookFile(playbook)

/** A file when it reads like one; else a name, looked for at the site and then among those that are shipped. */
export const findPlaybook = async (name: string, { site }: Settings, around: Surroundings): Promise<string> => {
  if (isFileName(name)) {
    const file = resolve(around.cwd, name)
    if (existsSync(file)) return file
    throw noFile('playbook', name, { folder: dirname(file) })
  }
  const folders = [...new Set([join(site, 'playbooks'), shipped('playbooks')])]
  const found = folders.flatMap(folder => endings.map(ending => join(folder, name + ending))).find(existsSync)
  if (found !== undefined) return found
  const known = folders.flatMap(playbooksIn).map(withoutEnding)
  throw new Problem({
    code: 'playbook-unknown',
    summary: `There is no playbook \`${name}\``,
    help: didYouMean(name, known) ?? `there are: ${[...new Set(known)].join(', ')}`,
    exit: exitCodes.input,
  })
}

const isPlaybookFile = (file: string): boolean => endings.some(ending => file.endsWith(ending))

/** Names of files, in no order; none where the folder is not there. */
export const playbooksIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter(isPlaybookFile) : []

export const withoutEnding = (file: string): string => file.replace(/\.\w+$/, '')

type Sought = { readonly folder: string; readonly span?: Span | undefined }

export const noFile = (what: string, file: string, { folder, span }: Sought): Problem => {
  const there = playbooksIn(folder)
  return new Problem({
    code: 'file-not-found',
    summary: `There is no ${what} ${file}`,
    ...(span && { span }),
    help: proposal(basename(file), there) ?? `there is none of this name in ${folder}`,
    exit: exitCodes.input,
  })
}

export const readIfThere = (path: string, told: string): string | undefined =>
  existsSync(path) ? readText(path, told) : undefined
