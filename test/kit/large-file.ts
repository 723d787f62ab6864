// A file of this machine that is too long to be a value, with its sums by the programs that everybody has.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { LargeFile } from '../../src/model/large-file.ts'

/** Writes it. */
export const largeFile = (path: string, content: string): LargeFile => {
  writeFileSync(path, content)
  const said = (program: string) => execFileSync(program, [path], { encoding: 'utf8' }).split(' ')
  const [crc = '', bytes] = said('cksum')
  const [sha1 = ''] = said('sha1sum')
  return new LargeFile(path, () => ({ bytes: Number(bytes), crc, sha1 }))
}
