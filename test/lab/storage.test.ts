// The shared partition: one file system behind one device, mounted where somebody mounts it and nowhere else.
import { describe, expect, it } from 'vitest'
import { up, upWithoutRoot } from './scratch-lab.ts'
import { login, output, run } from './ssh.ts'

describe.each([
  ['as this user', up],
  ['without root', upWithoutRoot],
])('the shared partition, %s', async (_lane, bringUp) => {
  const lab = await bringUp()
  const [one, two] = await Promise.all([login(lab, 'node1'), login(lab, 'node2')])
  const isMounted = async (node: typeof one) =>
    (await output(node, 'cat /proc/mounts')).includes(`${lab.device} /mnt/messenger `)

  it('is mounted nowhere at first, and its mount point is not there', async () => {
    expect(await isMounted(one)).toBe(false)
    expect((await run(one, 'ls -d /mnt/messenger')).status).not.toBe(0)
  })

  it('shows on the node that mounts it, and on no other', async () => {
    await output(one, `mkdir /mnt/messenger && mount -t ext4 ${lab.device} /mnt/messenger`)
    expect([await isMounted(one), await isMounted(two)]).toEqual([true, false])
  })

  it('carries what one node wrote to the next', async () => {
    await output(one, 'echo node1 >/mnt/messenger/owner && umount /mnt/messenger')
    expect(await isMounted(one)).toBe(false)
    await output(two, `mkdir /mnt/messenger && mount UUID=${lab.uuid} /mnt/messenger`)
    expect(await isMounted(two)).toBe(true)
    expect(await output(two, 'cat /mnt/messenger/owner')).toBe('node1')
  })

  it('can be mounted on two nodes at once: only a guard keeps them apart', async () => {
    await output(one, `mount /dev/disk/by-uuid/${lab.uuid} /mnt/messenger`)
    expect([await isMounted(one), await isMounted(two)]).toEqual([true, true])
  })

  it('is not mounted twice at one place', async () => {
    const again = await run(one, `mount ${lab.device} /mnt/messenger`)
    expect(again).toMatchObject({ status: 32, stderr: expect.stringContaining('already mounted') })
  })

  it('cannot be mounted at a place that is not there, or as what it is not', async () => {
    expect(await run(one, `mount ${lab.device} /nowhere`)).toMatchObject({ status: 32 })
    expect((await run(one, `mkdir -p /mnt/x && mount -t vfat ${lab.device} /mnt/x`)).status).not.toBe(0)
  })

  it('says its UUID', async () => {
    expect(await output(one, `blkid -o value -s UUID ${lab.device}`)).toBe(lab.uuid)
  })

  it('gets full', async () => {
    const { status, stderr } = await run(
      one,
      'head -c 40m /dev/zero >/mnt/messenger/much; s=$?; rm /mnt/messenger/much; exit $s',
    )
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('No space left') })
  })

  it.skipIf(lab.storage !== 'ext4')('is a real ext4', async () => {
    expect(await output(one, 'awk \'$2 == "/mnt/messenger" { print $3 }\' /proc/mounts')).toBe('ext4')
    expect(await output(one, `[ -b ${lab.device} ] && echo block`)).toBe('block')
  })
})
