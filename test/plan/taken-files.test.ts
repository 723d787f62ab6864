// A file of the controller that an argument names: found, read, filled in; or what is wrong with it, with its place.
import { describe, expect, it } from 'vitest'
import { LargeFile } from '../../src/model/large-file.ts'
import { type FindFile, takeFile } from '../../src/plan/taken-files.ts'
import { canonicalJson } from '../../src/text/canonical.ts'
import { readingOf } from '../kit/large-file.ts'

const field = { key: 'src', takes: 'file', folder: 'files', unless: '' } as const
const find =
  (content: string | Uint8Array): FindFile =>
  () => ({ file: 'files/it', bytes: typeof content === 'string' ? Buffer.from(content) : content })

const take = (content: string | Uint8Array, takes: 'file' | 'template', variables = {}) =>
  takeFile({ name: 'it', field: { ...field, takes }, from: 'site.yml', span: undefined }, find(content), variables)

describe('a file', () => {
  it.each<[string, string | Uint8Array, unknown]>([
    ['is text', 'a\nü', 'a\nü'],
    ['is bytes where it is no text', Buffer.from([0xff, 0]), { base64: '/wA=' }],
    ['is not filled in', '{{ a }}', '{{ a }}'],
  ])('%s', (_, content, taken) => {
    expect(take(content, 'file')).toEqual({ value: { name: 'it', content: taken }, problems: [] })
  })

  it('that is encrypted as a whole is told', () => {
    const { problems } = take('$ANSIBLE_VAULT;1.1;AES256\n00\n', 'file')
    expect(problems.map(({ code }) => code)).toEqual(['file-encrypted'])
  })

  it('that is not there is told, with what was most likely meant', () => {
    const named = { name: 'mtd', field, from: 'site.yml', span: undefined }
    const { problems } = takeFile(named, () => ({ known: ['motd'] }), {})
    expect(problems.map(({ fields }) => [fields.code, fields.help])).toEqual([
      ['file-not-found', 'did you mean `motd`?'],
    ])
  })

  it('that is a directory is told as one', () => {
    const named = { name: 'conf.d', field, from: 'site.yml', span: undefined }
    const { problems } = takeFile(named, () => ({ known: ['conf.d'], isDirectory: true }), {})
    expect(problems.map(({ code }) => code)).toEqual(['file-is-directory'])
  })
})

describe('a long file', () => {
  const large = new LargeFile('/away/large', readingOf({ bytes: 2_000_000, crc: '1' }))
  const takeLong = (takes: 'file' | 'template') =>
    takeFile(
      { name: 'it', field: { ...field, takes }, from: 'site.yml', span: undefined },
      () => ({ file: 'it', large }),
      {},
    )

  it('is handed on as it lies there, and where that is stands in no text', () => {
    expect(takeLong('file')).toEqual({ value: { name: 'it', content: large }, problems: [] })
    expect(canonicalJson(large)).toBe('{"bytes":2000000,"crc":"1"}')
  })

  it('is no template', () => {
    expect(takeLong('template').problems.map(({ fields }) => [fields.code, fields.seen])).toEqual([
      ['template-too-long', '2000000 bytes'],
    ])
  })
})

describe('a template', () => {
  it('is filled in', () => {
    expect(take('a {{ b }}\n', 'template', { b: 1 }).value).toEqual({ name: 'it', content: 'a 1\n' })
  })

  it('names each variable that nobody sets, with its place in the file', () => {
    const { problems } = take('x\n  {{ b }} {{ c }}\n', 'template')
    expect(
      problems.map(({ fields }) => [fields.code, fields.span?.file, fields.span?.line, fields.span?.column]),
    ).toEqual([
      ['variable-undefined', 'files/it', 2, 6],
      ['variable-undefined', 'files/it', 2, 14],
    ])
  })
})
