// The file calls that a journal makes, and what a disk's refusal means in words.
import { fdatasync, fdatasyncSync, ftruncateSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { Problem } from '../model/problem.ts'

/** A seam: what a journal asks of its file once that is open. */
export type Disk = {
  /** @returns How many bytes went in, which may be fewer. */
  write(fd: number, bytes: Uint8Array): number
  sync(fd: number): void
  /** The same, while other work goes on. */
  syncBeside(fd: number): Promise<void>
  cut(fd: number, size: number): void
}

/** `fdatasync` also writes the file's length, which is all of the rest that a reader needs. */
export const realDisk: Disk = {
  write: (fd, bytes) => writeSync(fd, bytes),
  sync: fd => fdatasyncSync(fd),
  syncBeside: promisify(fdatasync),
  cut: (fd, size) => ftruncateSync(fd, size),
}

export const isErrno = (error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

/**
 * The disk takes nothing: it is full, or nobody, or somebody else alone, may write there. For folders that are to be made
 * with those above them Node.js says ENOENT where the disk is read-only.
 */
export const isRefusedByDisk = (error: unknown): boolean =>
  isErrno(error, 'EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT', 'EFBIG', 'ENOENT', 'ENOTDIR')

const nothingMore =
  'nothing is sent to a node before it is written here, so nothing more was sent; what was held may still be held'

/** Before a run has a folder it has done nothing. */
export const folderProblem = (error: unknown, path: string): unknown => {
  const problem = diskProblem(error, path)
  if (!(problem instanceof Problem) || problem === error) return problem
  const help = `make room or let it be written there (\`df -h ${path}\`, \`ls -ld ${path}\`), or name another place with \`runs:\` in run.yml`
  return problem.with({ state: 'nothing was begun', help })
}

/** Says what the disk refused; what is not the disk's is handed back as it is. */
export const diskProblem = (error: unknown, path: string): unknown => {
  if (!(error instanceof Error) || !('code' in error) || error instanceof Problem) return error
  const isFull = isErrno(error, 'ENOSPC', 'EDQUOT', 'EFBIG')
  return new Problem({
    code: isFull ? 'journal-full' : 'journal-unwritable',
    summary: isFull ? 'There is no room left for the journal of this run' : 'The journal of this run cannot be written',
    seen: error.message,
    state: nothingMore,
    help: `${isFull ? `make room (\`df -h ${path}\` shows how much there is)` : `look at it (\`ls -ld ${path}\`)`}, then run it again: it looks how things stand, and gives back what was held`,
    cause: error,
  })
}
