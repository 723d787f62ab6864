// A file is there whole or not at all, whoever reads it meanwhile: written beside its place, then moved into it.
import { renameSync, writeFileSync } from 'node:fs'

/** @param mode Of a new file, less what the umask takes. @throws {Error} of the file system, when it cannot be written. */
export const writeWhole = (file: string, content: string | Uint8Array, mode = 0o666): void => {
  // Two commands may write the same at the same time.
  const half = `${file}.${process.pid}`
  writeFileSync(half, content, { mode })
  renameSync(half, file)
}
