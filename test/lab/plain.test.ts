// A lab without namespaces, as in a container without privileges: what it cannot show is refused, and nothing of the machine but the lab's own is ended or changed.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Lab, labBoot, labDown, labKill, labRestore, labSnapshot } from '../../lab/index.ts'
import { atThisPace } from '../kit/pace.ts'
import { whyNotConfined } from './confined.ts'
import { on, openPlainLab, place, runIn } from './plain-lab.ts'
import { login, run } from './ssh.ts'

const whyNot = whyNotConfined()

const endOn = async (lab: Lab, node: string, text: string) => run(await login(lab, node), text)

/** All processes of the machine below the directory of a lab: their root, their program or their command is there. */
const below = (lab: Lab): string =>
  execFileSync(
    'sh',
    ['-c', 'ls -l /proc/[0-9]*/root /proc/[0-9]*/exe /proc/[0-9]*/cwd 2>/dev/null | grep -F "$0/files" || :', lab.dir],
    {
      encoding: 'utf8',
    },
  )

/** What a node could change of the machine: its name, its mounts, its addresses. */
const machine = () => ({
  name: hostname(),
  hasMounts: readFileSync('/proc/mounts', 'utf8').includes(place),
  hasAddresses: execFileSync('ip', ['-o', 'addr'], { encoding: 'utf8' }).includes('127.77.'),
})

describe.skipIf(whyNot !== undefined)(`a lab without namespaces${whyNot ? ` (${whyNot})` : ''}`, () => {
  const before = machine()
  const bystander = join(place, 'nmma')
  let stranger: ReturnType<typeof spawn>
  let lab: Lab
  let other: Lab

  beforeAll(async () => {
    execFileSync('cp', ['/bin/sleep', bystander])
    stranger = spawn(bystander, ['600'], { stdio: 'ignore' })
    ;[lab, other] = await Promise.all([openPlainLab('site'), openPlainLab('other')])
  }, atThisPace(60_000))
  afterAll(() => void stranger?.kill())

  it('says which kind it is, and what it cannot show', async () => {
    const { stdout } = await runIn('site', 'lab', 'status')
    expect(stdout).toMatch(/^lab {4}plain: root copy, storage rename/)
    expect(stdout).toMatch(/^lacks {2}.*processes of its own; the partition on two nodes at once/m)
    expect(lab.network).not.toBe(other.network)
  })

  it('mounts the partition by moving it: on one node at a time, not from under anybody, and never out of its root', async () => {
    const mount = `mkdir -p /mnt/messenger && mount ${lab.device} /mnt/messenger`
    await on(lab, 'node1', `${mount} && echo 1 >/mnt/messenger/it`)
    const devices = 'for it in /mnt /mnt/messenger; do stat -c %d $it; done | sort -u | wc -l'
    expect(await on(lab, 'node1', `cat /proc/mounts; ${devices}`)).toMatch(/\/mnt\/messenger ext4 [^\n]*\n2$/)
    expect(await endOn(lab, 'node2', mount)).toMatchObject({
      status: 32,
      stderr: expect.stringContaining('is mounted'),
    })
    const held = await endOn(lab, 'node1', 'exec 3</mnt/messenger/it; umount /mnt/messenger')
    expect(held).toMatchObject({ status: 32, stderr: expect.stringContaining('target is busy') })
    const asUser =
      'cd /mnt/messenger && setpriv --reuid 6001 --regid 6000 --clear-groups sleep 600 >/dev/null 2>&1 & sleep 0.2; umount /mnt/messenger'
    expect(await endOn(lab, 'node1', asUser)).toMatchObject({ status: 32 })
    await labSnapshot(lab.dir, 'mounted')
    await labRestore(lab.dir, 'mounted')
    expect(await on(lab, 'node1', 'ls -A /mnt/messenger')).toBe('')
    expect(await on(lab, 'node2', `${mount} && cat /mnt/messenger/it && umount ${lab.device}`)).toBe('1')
    const out = await endOn(lab, 'node1', `ln -sfn ${place} /out; lab-ask mount /out/other`)
    expect([out.status, existsSync(`${place}/other/run.yml`)]).toEqual([32, true])
  })

  it('shows a node its own processes, ports and addresses, and nobody else’s', async () => {
    await on(lab, 'node1', 'cp /usr/bin/sleep /tmp/mine; setsid /tmp/mine 600 >/dev/null 2>&1 </dev/null &')
    const names = (node: string) => on(lab, node, 'cat /proc/[0-9]*/comm')
    expect((await names('node1')).split('\n')).toContain('mine')
    expect((await names('node1')).split('\n')).not.toContain('nmma')
    expect((await names('node2')).split('\n')).not.toContain('mine')
    const ip = `${lab.network}.100`
    await on(lab, 'node1', `ip addr add ${ip}/24 dev eth0; arping -q -D -c 1 -I eth0 ${ip}`)
    expect(await endOn(lab, 'node2', `arping -q -D -c 1 -I eth0 ${ip}`)).toMatchObject({ status: 1 })
    expect(await on(lab, 'node2', 'uname -n; ip -o -4 addr show dev eth0')).toMatch(
      /^node2\n2: eth0 {4}inet [\d.]+\.2\/24/,
    )
  })

  it('ends nothing of the machine: not by name, not with a node, not with all of them', async () => {
    await on(
      lab,
      'node1',
      'pkill -KILL -x nmma; kill -KILL $(cat /proc/[0-9]*/stat | cut -d " " -f 1) 2>/dev/null; :',
    ).catch(() => {})
    await labKill(lab.dir, 'node1')
    await labBoot(lab.dir, 'node1')
    await labRestore(lab.dir, 'pristine')
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null])
    expect(
      await on(
        lab,
        'node1',
        'date -s 2000-01-01 2>&1; hostname elsewhere; mount -t tmpfs none /tmp 2>&1; uname -n',
      ).catch(String),
    ).toMatch(/not permitted[\s\S]*node1$/)
    expect(machine()).toEqual(before)
  })

  it('is gone with its daemon, however that ends, and leaves nothing', async () => {
    const asUser = 'setpriv --reuid 6001 --regid 6000 --clear-groups setsid sleep 600 >/dev/null 2>&1 </dev/null &'
    for (const each of [lab, other]) await on(each, 'node2', asUser)
    expect(below(other)).toContain('/files/')
    process.kill(other.pid, 'SIGKILL')
    await vi.waitFor(() => expect(below(other)).toBe(''), { timeout: atThisPace(3_000) })
    // Who would have ended the rest dies first: the next that asks for the lab to go does it.
    process.kill(parentOf(lab.pid), 'SIGKILL')
    for (const { dir } of [lab, other]) {
      await labDown(dir)
      expect([existsSync(dir), below({ ...lab, dir })]).toEqual([false, ''])
    }
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null])
  })
})

/** Fourth field of /proc/PID/stat. */
const parentOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
