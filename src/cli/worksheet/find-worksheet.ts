// The worksheet that a form is made of: the one that there is, or the one that was named.
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ZodType } from 'zod'
import { exitCodes, Problem } from '../../model/problem.ts'
import { loadFile, shipped } from '../modules.ts'
import type { Settings } from '../settings.ts'
import { shown } from '../shown.ts'

type Where = { readonly settings: Settings; readonly cwd: string }

/** A site's own come over those that are shipped. @throws {Problem} `worksheet-wrong`, `worksheet-which`. */
export const findWorksheet = async (named: string | undefined, { settings, cwd }: Where): Promise<ZodType> => {
  const file = named === undefined ? theOne(settings, cwd) : resolve(cwd, named)
  const schema = existsSync(file) ? await loadFile(file, { cache: join(settings.state, 'cache'), cwd }) : undefined
  if (isSchema(schema)) return schema
  throw new Problem({
    code: 'worksheet-wrong',
    summary: `${shown(file, { cwd })} is no worksheet`,
    wanted: 'a TypeScript file with a zod schema of the variables as its default export',
    exit: exitCodes.input,
  })
}

const isSchema = (value: unknown): value is ZodType =>
  typeof value === 'object' && value !== null && 'safeParse' in value

const theOne = ({ site }: Settings, cwd: string): string => {
  const folders = [join(site, 'playbooks/worksheets'), shipped('playbooks/worksheets')]
  const [files = []] = folders.map(filesIn).filter(found => found.length > 0)
  const [file, ...others] = files
  if (file !== undefined && others.length === 0) return file
  throw new Problem({
    code: 'worksheet-which',
    summary: 'There is more than one worksheet',
    seen: files.map(each => shown(each, { cwd })).join('\n'),
    help: 'name one: --worksheet FILE',
    exit: exitCodes.input,
  })
}

const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter(name => name.endsWith('.ts'))
        .map(name => join(folder, name))
    : []
