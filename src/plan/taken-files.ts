// Files of the controller that arguments name: what is in them takes the place of their names.
import { posix } from 'node:path'
import type { ZodType } from 'zod'
import type { LargeFile } from '../model/large-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import type { SourceFile } from '../task/schemas.ts'
import { render, undefinedIn, type Variables } from '../template/render.ts'
import { type CompiledTemplate, compileTemplateFile, type Template } from '../template/template.ts'
import { secretIn } from '../template/values.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { source } from '../text/source.ts'
import { isVault } from '../text/vault.ts'
import { metaOf } from './meta.ts'

/** Its bytes, or, where they are many, the file itself. */
export type FoundFile = { readonly file: string } & ({ readonly bytes: Uint8Array } | { readonly large: LargeFile })

/**
 * Looks for a file beside a playbook, first in a folder of its own.
 *
 * @returns The file, or the names that there are.
 */
export type FindFile = (name: string, at: { readonly from: string; readonly folder: string }) => FoundFile | NotFound

type NotFound = {
  readonly known: readonly string[]
  /** A directory has that name. */
  readonly isDirectory?: boolean
}

export type TakenField = {
  readonly key: string
  readonly takes: 'file' | 'template'
  readonly folder: string
  /** Where this argument is true, the name means something else. */
  readonly unless: string
}

/** The arguments that name a file of the controller. */
export const takenFields = (schema: ZodType): readonly TakenField[] =>
  metaOf(schema).flatMap(([key, { takes, folder, unless = '' }]) =>
    takes === 'file' || takes === 'template' ? [{ key, takes, folder: `${folder}`, unless: `${unless}` }] : [],
  )

type Found = { readonly value?: SourceFile; readonly problems: readonly Problem[] }

/** The arguments that name a place on the controller. */
export const placeFields = (schema: ZodType): readonly string[] =>
  metaOf(schema).flatMap(([key, { takes }]) => (takes === 'place' ? [key] : []))

/** From the folder of the playbook on; a `/` at its end stays. */
export const placeBeside = (name: string, from: string): string =>
  posix.normalize(name.startsWith('/') ? name : posix.join(posix.dirname(from), name))

export const placeNotStatic = (name: string, span: Span): Problem =>
  new Problem({
    code: 'place-not-static',
    summary: `What is written on this machine would lie where another step's \`${name}\` says`,
    span,
    wanted: 'a place that is known before anything connects: no node says where something is written here',
    help: 'name the place in the playbook or in the inventory',
    exit: exitCodes.input,
  })

/** What the task gets in place of the name. */
export const takeFile = ({ name, field, from, span }: Named, find: FindFile, variables: Variables): Found => {
  const found = find(name, { from, folder: field.folder })
  if ('known' in found && found.isDirectory) return { problems: [isDirectory(name, span)] }
  if ('known' in found) return { problems: [noSuchFile(name, { field, known: found.known, span })] }
  if ('large' in found && field.takes === 'file') return { value: { name, content: found.large }, problems: [] }
  if ('large' in found) return { problems: [tooLong(name, { found, span })] }
  if (isVault(textOf(found))) return { problems: [encrypted(name, span)] }
  if (field.takes === 'file') return { value: { name, content: contentOf(found) }, problems: [] }
  const { template, problems } = templateOf(found)
  const faults = problems.length > 0 ? problems : undefinedIn(template, variables)
  return faults.length > 0 ? { problems: faults } : filledIn(name, template, variables)
}

/** What is wrong with it whatever the variables say. */
export const faultsOfFile = (named: Named, find: FindFile): readonly Problem[] => {
  const found = find(named.name, { from: named.from, folder: named.field.folder })
  const isTemplate = named.field.takes === 'template' && 'bytes' in found && !isVault(textOf(found))
  return isTemplate ? templateOf(found).problems : takeFile(named, find, {}).problems
}

export type Named = {
  readonly name: string
  readonly field: TakenField
  /** The playbook that names it. */
  readonly from: string
  readonly span: Span | undefined
}

/** The template in a file that is there, for those who want to know what it needs. */
export const templateIn = ({ name, field, from }: Named, find: FindFile): Template | undefined => {
  if (field.takes !== 'template') return undefined
  const found = find(name, { from, folder: field.folder })
  return 'bytes' in found ? templateOf(found).template : undefined
}

const filledIn = (name: string, template: Template, variables: Variables): Found => {
  try {
    const value = render(template, variables)
    return { value: { name, content: secretIn(value) ?? String(value ?? '') }, problems: [] }
  } catch (error) {
    if (error instanceof Problem) return { problems: [error] }
    throw error
  }
}

type Whole = Extract<FoundFile, { bytes: unknown }>

const textOf = ({ bytes }: Whole): string => Buffer.from(bytes).toString('utf8')

/** A file is the same for all steps and hosts that name it. */
const compiled = new WeakMap<Whole, CompiledTemplate>()

const templateOf = (found: Whole): CompiledTemplate => {
  const template = compiled.get(found) ?? compileTemplateFile(source(found.file, textOf(found)))
  compiled.set(found, template)
  return template
}

const contentOf = (found: Whole): SourceFile['content'] => {
  const text = textOf(found)
  const isText = !text.includes('\0') && Buffer.from(text).equals(found.bytes)
  return isText ? text : { base64: Buffer.from(found.bytes).toString('base64') }
}

const encrypted = (name: string, span: Span | undefined): Problem =>
  new Problem({
    code: 'file-encrypted',
    summary: `\`${name}\` is encrypted as a whole, and only files of variables are decrypted`,
    ...(span && { span }),
    help: 'put the text into an encrypted variable, and write `content: "{{ variable }}"`',
    exit: exitCodes.input,
  })

type Long = { readonly found: { readonly large: LargeFile }; readonly span: Span | undefined }

const tooLong = (name: string, { found, span }: Long): Problem =>
  new Problem({
    code: 'template-too-long',
    summary: `\`${name}\` is too long for a template`,
    ...(span && { span }),
    seen: `${found.large.sums.bytes} bytes`,
    wanted: `at most ${longestCarried} bytes; a file that is copied as it is may have any length`,
    help: 'write `copy: { src: … }`, and keep what has to be filled in in a file of its own',
    exit: exitCodes.input,
  })

/** What is longer is no value: it is read when it is sent. */
export const longestCarried = 2 ** 20

const isDirectory = (name: string, span: Span | undefined): Problem =>
  new Problem({
    code: 'file-is-directory',
    summary: `\`${name}\` is a directory, and one file is taken at a time`,
    ...(span && { span }),
    wanted: 'the name of a file',
    help: 'write a `loop:` over the names of its files, and `{{ item }}` here and in `dest:`',
    exit: exitCodes.input,
  })

type Missing = { readonly field: TakenField; readonly known: readonly string[]; readonly span: Span | undefined }

export const noSuchFile = (name: string, { field, known, span }: Missing): Problem =>
  new Problem({
    code: 'file-not-found',
    summary: `There is no ${field.takes} \`${name}\` on this machine`,
    ...(span && { span }),
    wanted: `a file ${field.folder}/${name} beside the playbook, or ${name}`,
    help: didYouMean(name, known) ?? `there are: ${known.join(', ') || 'none'}`,
    exit: exitCodes.input,
  })
