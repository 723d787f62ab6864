// States of the whole lab, kept by name: the files of all nodes, the shared disk, the directory, the cluster.
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { exitCodes, Problem } from '../src/model/problem.ts'
import type { DirectoryService } from './directory-service.ts'
import { nodeName, placeOf } from './node.ts'
import { must } from './programs.ts'
import type { Storage } from './storage.ts'
import type { Cluster, ClusterState } from './vendor/index.ts'
import { pristine } from './words.ts'

export type Kept = {
  /** The tmpfs of the lab. */
  readonly files: string
  readonly nodes: number
  readonly storage: Storage
  readonly directory: DirectoryService
  readonly cluster: Cluster
}

export const snapshotNames = ({ files }: Pick<Kept, 'files'>): readonly string[] =>
  existsSync(`${files}/snapshots`) ? readdirSync(`${files}/snapshots`).filter(name => !name.startsWith('.')) : []

/** Keeps the state as it is now; one of the same name is replaced when the new one is whole. */
export const keep = async (name: string, kept: Kept): Promise<void> => {
  const place = `${kept.files}/snapshots/${name}`
  const half = `${kept.files}/snapshots/.half`
  await rm(half, { recursive: true, force: true })
  await mkdir(`${half}/nodes`, { recursive: true })
  for (const index of indexes(kept))
    await copyNode(kept, placeOf(kept.files, index).files, `${half}/nodes/${nodeName(index)}`)
  await kept.storage.save(half)
  await writeFile(`${half}/directory.json`, JSON.stringify(kept.directory.dump()))
  await writeFile(`${half}/cluster.json`, JSON.stringify(kept.cluster.dump()))
  await rm(place, { recursive: true, force: true })
  await rename(half, place)
}

/** Puts a state back. No node may be up. @returns What has to come online once they are. */
export const putBack = async (name: string, kept: Kept): Promise<ClusterState> => {
  const place = `${kept.files}/snapshots/${name}`
  for (const index of indexes(kept)) {
    const { files } = placeOf(kept.files, index)
    await rm(files, { recursive: true, force: true })
    await copy(`${place}/nodes/${nodeName(index)}`, files)
  }
  await kept.storage.load(place)
  await kept.directory.load(JSON.parse(await readFile(`${place}/directory.json`, 'utf8')))
  return JSON.parse(await readFile(`${place}/cluster.json`, 'utf8')) as ClusterState // as `keep` wrote it
}

/** @throws {Problem} `lab-snapshot-unknown`. */
export const needSnapshot = (name: string, kept: Kept): void => {
  const names = snapshotNames(kept)
  if (names.includes(name)) return
  throw new Problem({
    code: 'lab-snapshot-unknown',
    summary: `The lab has no snapshot ${name}`,
    seen: names.join(', '),
    help: `name one of these, or keep the state of now by that name: \`run lab snapshot ${name}\``,
    exit: exitCodes.input,
  })
}

/** @throws {Problem} `lab-snapshot-name`. */
export const checkSnapshotName = (name: string): void => {
  if (/^[\w][\w.-]*$/.test(name) && name !== pristine) return
  throw new Problem({
    code: 'lab-snapshot-name',
    summary: `A snapshot cannot be called ${JSON.stringify(name)}`,
    wanted: `letters, digits, "_", "-" and "."; \`${pristine}\` is the state that the lab came up with`,
    exit: exitCodes.input,
  })
}

const indexes = ({ nodes }: Kept): readonly number[] => Array.from({ length: nodes }, (_, index) => index + 1)

/** Below a root without mounts lie also what each start makes anew, and the partition where it is mounted: neither is kept. */
const copyNode = async ({ storage: { room } }: Kept, from: string, to: string): Promise<void> => {
  if (!room) return void (await copy(from, to))
  await must(['sh', '-c', copyKept, 'sh', from, to, room.targetOn(from), room.covered])
}

const copyKept = `set -e
mkdir "$2" && cd "$1" && ls -A | grep -vxE 'dev|proc|run' | xargs -d '\\n' cp -at "$2"
[ -z "$3" ] || { rm -rf "$2$3" && cp -a "$4" "$2$3"; }`

/** With owners, modes and the overlay's own attributes, which say what is covered. */
const copy = (from: string, to: string): Promise<string> => must(['cp', '-a', from, to])
