// A kept state comes back whole: files of the nodes, the shared disk, the directory. Connections live through it.
import { describe, expect, it } from 'vitest'
import { hasOpenLdap, labDirectory, labReset, labRestore, labSnapshot, labStatus } from '../../lab/index.ts'
import { atThisPace } from '../kit/pace.ts'
import { setResource } from './resource.ts'
import { up, upWithoutRoot } from './scratch-lab.ts'
import { login, output, run } from './ssh.ts'

const [directory, other] = hasOpenLdap() ? (['slapd', "OpenLDAP's server"] as const) : (['stand-in', 'it'] as const)

describe.each([
  ['as this user', () => up()],
  [`without root, with ${other} as the directory`, () => upWithoutRoot({ directory })],
])('a snapshot, %s', async (_lane, bringUp) => {
  const lab = await bringUp()
  const [one, two] = await Promise.all([login(lab, 'node1'), login(lab, 'node2')])
  const mount = `mkdir -p /mnt/messenger && mount ${lab.device} /mnt/messenger`

  it('brings back files, what was removed, and the disk, though a node has it mounted', async () => {
    await output(one, `echo before >/etc/state; rm /etc/services; ${mount} && echo before >/mnt/messenger/state`)
    await labSnapshot(lab.dir, 'half')
    await output(one, 'echo after >/etc/state; echo >/etc/services; echo after >/mnt/messenger/state')
    await labRestore(lab.dir, 'half')
    expect(await output(one, 'cat /etc/state')).toBe('before')
    expect((await run(one, 'ls /etc/services')).status).not.toBe(0)
    expect(await output(two, `${mount} && cat /mnt/messenger/state`)).toBe('before')
  })

  it('ends what ran on the nodes, and what was mounted', async () => {
    await output(two, 'setsid sleep 600 >/dev/null 2>&1 </dev/null &')
    await labRestore(lab.dir, 'half')
    expect(await output(two, 'cat /proc/[0-9]*/cmdline | tr "\\0" " "')).not.toContain('600')
    expect(await output(two, 'cat /proc/mounts')).not.toContain(lab.device)
  })

  it('leaves ports and connections as they are', async () => {
    const before = await labStatus(lab.dir)
    await labRestore(lab.dir, 'half')
    expect((await labStatus(lab.dir))?.nodes).toEqual(before?.nodes)
    expect(await output(one, 'uname -n')).toBe('node1')
  })

  it('of the first moment is always there: reset', async () => {
    await labReset(lab.dir)
    expect((await run(one, 'cat /etc/state')).status).not.toBe(0)
    expect((await run(one, 'ls /etc/services')).status).toBe(0)
    expect((await run(two, `${mount} && ls /mnt/messenger`)).stdout).not.toContain('state')
  })

  it('keeps the directory too', async () => {
    const before = await labDirectory(lab.dir)
    await setResource(lab, { nCSCRMLoadTimeout: ['77'] })
    expect(JSON.stringify(await labDirectory(lab.dir))).toContain('77')
    await labReset(lab.dir)
    expect(await labDirectory(lab.dir)).toEqual(before)
  })

  it('is told by name', async () => {
    expect((await labStatus(lab.dir))?.snapshots).toEqual(['half', 'pristine'])
  })

  it.each([
    ['lab-snapshot-unknown', () => labRestore(lab.dir, 'other')],
    ['lab-snapshot-name', () => labSnapshot(lab.dir, '../other')],
    ['lab-snapshot-name', () => labSnapshot(lab.dir, 'pristine')],
    ['lab-down', () => labSnapshot(`${lab.dir}-other`, 'half')],
  ])('%s', async (code, act) => {
    await expect(act()).rejects.toMatchObject({ fields: { code } })
  })

  it('takes about a second', async () => {
    const start = performance.now()
    await labSnapshot(lab.dir, 'timed')
    await labRestore(lab.dir, 'timed')
    expect(performance.now() - start).toBeLessThan(atThisPace(5_000))
  })
})
