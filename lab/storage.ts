// The shared partition: one disk that any node can mount, and that can be put back to an earlier state.
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, openSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { PlainRoom } from './plain/room.ts'
import { attempt, must } from './programs.ts'
import { dataDevice, type Grants } from './words.ts'

export type Storage = {
  readonly uuid: string
  /** `major minor` of the block device; none where a stand-in is mounted instead. */
  device(): string | undefined
  /** What a node needs to show the device: the disk's image, and where the stand-in's files are. */
  readonly image: string
  readonly shared?: string
  /** Where a directory plays the disk: who moves it. */
  readonly room?: PlainRoom
  /** Puts the state of the disk aside. */
  save(to: string): Promise<void>
  /** Puts it back; no node may be up. */
  load(from: string): Promise<void>
  close(): void
}

const sizeMiB = 32

/** Makes the disk below `files`, a tmpfs that goes with the daemon. */
export const createStorage = async (files: string, kind: Grants['storage']): Promise<Storage> => {
  const uuid = randomUUID()
  // The name tells whose it is, also when the kernel no longer knows the way to the file.
  const image = `${files}/disk-${createHash('sha256').update(files).digest('hex').slice(0, 12)}.img`
  await createImage(image, uuid)
  if (kind === 'ext4') return loopStorage(image, uuid)
  return kind === 'rename' ? renamedStorage(files, image, uuid) : standInStorage(files, image, uuid)
}

const createImage = async (image: string, uuid: string): Promise<void> => {
  await must(['truncate', '-s', `${sizeMiB}M`, image])
  const made = await attempt(['mkfs.ext4', '-q', '-F', '-m', '0', '-L', 'messenger', '-U', uuid, image])
  if (made.status !== 0) await writeSuperblock(image, uuid)
}

/** As much of an ext4 as blkid(8) reads: for machines without e2fsprogs, where nobody mounts it. */
const writeSuperblock = async (image: string, uuid: string): Promise<void> => {
  const block = Buffer.alloc(1024)
  block.writeUInt16LE(0xef53, 56)
  block.writeUInt32LE(0x40, 96) // extents, which makes it an ext4
  block.write(uuid.replaceAll('-', ''), 104, 'hex')
  block.write('messenger', 120)
  const file = await open(image, 'r+')
  await file.write(block, 0, block.length, 1024)
  await file.close()
}

/**
 * A real ext4 on a loop device.
 *
 * The device is detached at once and lives on while it is open, so the kernel takes it away with this process. An
 * earlier state comes on a new device: the old one may still be busy writing.
 */
const loopStorage = async (image: string, uuid: string): Promise<Storage> => {
  await sweepLoops(basename(image))
  let { fd, device } = await attach(image)
  return {
    uuid,
    image,
    device: () => numbers(device),
    save: to => must(['sh', '-c', still, 'sh', device, image, to]).then(() => {}),
    load: async from => {
      closeSync(fd)
      await must(['rm', '-f', image])
      await must(['cp', '--sparse=always', `${from}/disk.img`, image])
      ;({ fd, device } = await attach(image))
    },
    close: () => closeSync(fd),
  }
}

/** Copies the image while the file system, which a node may have mounted, stands still. */
const still = `set -e
mkdir -p "$2.look"
mount -t ext4 "$1" "$2.look"
trap 'fsfreeze -u "$2.look"; umount "$2.look"' EXIT
fsfreeze -f "$2.look"
cp --sparse=always "$2" "$3/disk.img"`

/** A daemon that died between attaching and detaching left its device. */
const sweepLoops = async (name: string): Promise<void> => {
  const loops = await must(['losetup', '--list', '--noheadings', '--output', 'NAME,BACK-FILE'])
  for (const text of loops.split('\n'))
    if (text.includes(name)) await attempt(['losetup', '--detach', text.split(' ')[0] ?? ''])
}

const attach = async (image: string): Promise<{ fd: number; device: string }> => {
  const device = await must(['losetup', '--find', '--show', image])
  const fd = openSync(device, 'r')
  await must(['losetup', '--detach', device])
  return { fd, device }
}

const numbers = (device: string): string => {
  const { rdev } = statSync(device)
  return `${(rdev >> 8) & 0xfff} ${(rdev & 0xff) | ((rdev >> 12) & 0xfff00)}`
}

/** A directory that comes to where a node mounts it, by a rename. */
const renamedStorage = async (files: string, image: string, uuid: string): Promise<Storage> => {
  const shared = `${files}/shared`
  const room = new PlainRoom(shared)
  await must(['mkdir', shared])
  return {
    ...{ uuid, image, room, close: () => {} },
    device: () => undefined,
    save: async to => void (await must(['cp', '-a', room.place, `${to}/shared`])),
    load: async from => {
      await must(['rm', '-rf', shared])
      await must(['cp', '-a', `${from}/shared`, shared])
    },
  }
}

/** A tmpfs whose source is called like the device; the nodes' `mount` binds it, and a bind keeps the name. */
const standInStorage = async (files: string, image: string, uuid: string): Promise<Storage> => {
  const shared = `${files}/shared`
  const mount = () => must(['mount', '-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=755`, dataDevice, shared])
  await must(['mkdir', shared])
  await mount()
  return {
    uuid,
    image,
    shared,
    device: () => undefined,
    save: async to => void (await must(['cp', '-a', shared, `${to}/shared`])),
    load: async from => {
      await must(['umount', '--lazy', shared])
      await mount()
      await must(['cp', '-a', `${from}/shared/.`, shared])
    },
    close: () => {},
  }
}
