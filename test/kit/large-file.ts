// A file of this machine that is too long to be a value, with its sums by the programs that everybody has.
import { execFileSync } from 'node:child_process'
import { createReadStream, writeFileSync } from 'node:fs'
import { type Digest, LargeFile, type Reading, type Sums } from '../../src/model/large-file.ts'

/** Writes it. */
export const largeFile = (path: string, content: string): LargeFile => {
  writeFileSync(path, content)
  const said = (program: string) => execFileSync(program, [path], { encoding: 'utf8' }).split(' ')
  const [crc = '', bytes] = said('cksum')
  return new LargeFile(path, {
    ...readingOf({ bytes: Number(bytes), crc }, by => said(`${by}sum`)[0] ?? ''),
    pieces: () => createReadStream(path, { highWaterMark: 2 ** 21 }),
  })
}

/** What is known of it beforehand. */
export const readingOf = (sums: Sums, digest: (by: Digest) => string = by => `its ${by}`): Reading => ({
  sumsAtOnce: () => sums,
  sums: async () => sums,
  digest: async by => digest(by),
  async *pieces() {},
})
