// Files that a vault command reads and writes: whole, for their owner only, and never in clear on the way.
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Surroundings } from './surroundings.ts'

/** `-` is stdin, and stdout where something is written. */
export type VaultFile = { readonly told: string; readonly bytes: Buffer }

/** @throws {Problem} `file-not-found`, `file-unreadable` */
export const readInput = async (told: string, { cwd }: Pick<Surroundings, 'cwd'>): Promise<VaultFile> => {
  const path = resolve(cwd, told)
  if (told !== '-' && !existsSync(path))
    throw new Problem({ code: 'file-not-found', summary: `There is no file ${told}`, exit: exitCodes.input })
  try {
    return { told, bytes: told === '-' ? await buffer(process.stdin) : readFileSync(path) }
  } catch (cause) {
    throw unusable(told, 'read', cause)
  }
}

/** Written beside its place with mode 0600, and moved there when it is on the disk; a link keeps pointing to it. */
export const writeOutput = (
  told: string,
  bytes: Uint8Array,
  { cwd, stdout }: Pick<Surroundings, 'cwd' | 'stdout'>,
): void => {
  if (told === '-') {
    stdout.write(Buffer.from(bytes))
    return
  }
  const path = resolve(cwd, told)
  const place = existsSync(path) ? realpathSync(path) : path
  const fresh = `${place}.${process.pid}.new`
  try {
    writeFresh(fresh, bytes)
    keepOwner(place, fresh)
    renameSync(fresh, place)
  } catch (cause) {
    rmSync(fresh, { force: true })
    throw unusable(told, 'written', cause)
  }
}

const writeFresh = (path: string, bytes: Uint8Array): void => {
  const fd = openSync(path, 'wx', 0o600)
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes.subarray(done))
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

const keepOwner = (place: string, fresh: string): void => {
  if (!existsSync(place)) return
  const { uid, gid } = statSync(place)
  const own = statSync(fresh)
  if (uid !== own.uid || gid !== own.gid) chownSync(fresh, uid, gid)
}

const unusable = (told: string, what: 'read' | 'written', cause: unknown): Problem =>
  new Problem({
    code: what === 'read' ? 'file-unreadable' : 'file-unwritable',
    summary: `${told} cannot be ${what}`,
    seen: cause instanceof Error ? cause.message : String(cause),
    state: what === 'written' ? 'it is as it was' : undefined,
    exit: exitCodes.input,
    cause,
  })
