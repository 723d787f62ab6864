// A file is there whole or not at all, whoever reads it meanwhile: written beside its place, then moved into it.
import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * @param mode Of a new file, less what the umask takes.
 * @throws {Error} of the file system, when it cannot be written; then nothing is left of it.
 */
export const writeWhole = (file: string, content: string | Uint8Array, mode = 0o666): void => {
  // Two commands may write the same at the same time, in two containers also with one process number.
  const half = `${file}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(half, content, { mode, flag: 'wx' })
    renameSync(half, file)
  } catch (error) {
    rmSync(half, { force: true })
    throw error
  }
}
