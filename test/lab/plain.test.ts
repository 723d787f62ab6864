// A lab without namespaces, as in a container without privileges: the job is done there too, what such a lab cannot show is
// refused, and nothing of the machine but the lab's own is ended or changed.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Lab, labBoot, labDown, labKill, labRestore, labSnapshot, labStatus } from '../../lab/index.ts'
import { atThisPace } from '../kit/pace.ts'
import { confined, whyNotConfined } from './confined.ts'
import { beginCommand, type Ran } from './e2e/command.ts'
import { login, output, run } from './ssh.ts'

const place = mkdtempSync(join(tmpdir(), 'run-plain-'))
const whyNot = whyNotConfined()

const runIn = (dir: string, ...args: readonly string[]): Promise<Ran> =>
  beginCommand({ dir, before: confined(dir) }, args).end

/** A site of its own, and a lab of two nodes with no delays. */
const openLab = async (name: string): Promise<Lab> => {
  const dir = join(place, name)
  mkdirSync(dir)
  const inventory = readFileSync(fileURLToPath(new URL('../../inventory/lab.yml', import.meta.url)), 'utf8')
  writeFileSync(`${dir}/inventory.yml`, inventory.replace(', node3]', ']').replace('    node3:\n', ''))
  writeFileSync(`${dir}/run.yml`, 'inventory: inventory.yml\n')
  const { stderr } = await runIn(dir, 'lab', 'up', '--nodes', '2')
  const lab = await labStatus(`${dir}/.run/lab`)
  if (!lab) throw new Error(`the lab did not come up: ${stderr}`)
  for (const { name } of lab.nodes)
    await on(lab, name, `printf '%s\\n' installer_step=0 agent_start=0 agent_stop=0 >/etc/lab/delays`)
  return lab
}

const on = async (lab: Lab, node: string, text: string) => output(await login(lab, node), text)
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

/** What of the machine a node could change that has no namespaces: its name, its mounts, its addresses. */
const machine = () => [
  hostname(),
  readFileSync('/proc/mounts', 'utf8'),
  execFileSync('ip', ['-o', 'addr'], { encoding: 'utf8' }),
]

describe.skipIf(whyNot !== undefined)(`a lab without namespaces${whyNot ? ` (${whyNot})` : ''}`, () => {
  const before = whyNot ? [] : machine()
  const bystander = join(place, 'nmma')
  let stranger: ReturnType<typeof spawn>
  let lab: Lab
  let other: Lab
  const command = (...args: readonly string[]) => runIn(join(place, 'site'), ...args)

  beforeAll(async () => {
    execFileSync('cp', ['/bin/sleep', bystander])
    stranger = spawn(bystander, ['600'], { stdio: 'ignore' })
    ;[lab, other] = await Promise.all([openLab('site'), openLab('other')])
  }, atThisPace(60_000))
  afterAll(async () => {
    for (const name of ['site', 'other']) await labDown(join(place, name, '.run/lab'))
    stranger.kill()
    rmSync(place, { recursive: true })
  })

  it('says which kind it is, and what it cannot show', async () => {
    const { stdout } = await command('lab', 'status')
    expect(stdout).toMatch(/^lab {4}plain: root copy, storage rename/)
    expect(stdout).toMatch(/^lacks {2}.*processes of its own; the partition on two nodes at once/m)
  })

  it('is installed, node after node, and nothing is due then', async () => {
    const installed = await command('playbook', 'site')
    expect(installed).toMatchObject({ status: 0, stderr: expect.stringContaining('The lab is of the kind plain') })
    const again = await command('playbook', 'site')
    expect(again).toMatchObject({ status: 0, stderr: expect.not.stringContaining('changed  ') })
  })

  it('passes the drill: partition, address and agents go down the list and back', async () => {
    const { status, stderr } = await command('playbook', 'drill')
    expect([status, stderr]).toEqual([0, expect.stringMatching(/runs on node2; \d.* asked from node1/)])
  })

  it('has an agent that is bound to no address listen on the node’s own, and not on the machine’s', async () => {
    await on(lab, 'node1', `mount ${lab.device} /mnt/messenger; sed -i '/^--ip/d' /etc/opt/novell/messenger/strtup.ma`)
    await on(lab, 'node1', '/etc/init.d/novell-nmma start')
    const own = Buffer.from(`${lab.network}.1`.split('.').map(Number).toReversed()).toString('hex').toUpperCase()
    await vi.waitFor(async () => expect(await on(lab, 'node1', 'cat /proc/net/tcp')).toContain(` ${own}:206C `), {
      timeout: atThisPace(5_000),
    })
    expect(await on(lab, 'node2', 'cat /proc/net/tcp')).not.toContain(':206C ')
    expect(readFileSync('/proc/net/tcp', 'utf8')).not.toContain(' 00000000:206C ')
    await on(lab, 'node1', '/etc/init.d/novell-nmma stop; umount /mnt/messenger')
    expect(lab.network).not.toBe(other.network)
  })

  it('mounts the partition by moving it: on one node at a time, not from under anybody, and never out of its root', async () => {
    const mount = `mkdir -p /mnt/messenger && mount ${lab.device} /mnt/messenger`
    await on(lab, 'node1', `${mount} && echo 1 >/mnt/messenger/it`)
    expect(await on(lab, 'node1', 'cat /proc/mounts; stat -c %d /mnt /mnt/messenger | sort -u | wc -l')).toContain(
      `${lab.device} /mnt/messenger ext4 `,
    )
    expect(await endOn(lab, 'node2', mount)).toMatchObject({
      status: 32,
      stderr: expect.stringContaining('is mounted'),
    })
    const held = await endOn(lab, 'node1', 'exec 3</mnt/messenger/it; umount /mnt/messenger')
    expect(held).toMatchObject({ status: 32, stderr: expect.stringContaining('target is busy') })
    const asUser =
      'cd /mnt/messenger && setpriv --reuid 6001 --regid 6000 --clear-groups sleep 9 & sleep 0.2; umount /mnt/messenger'
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
    await on(
      other,
      'node2',
      'setpriv --reuid 6001 --regid 6000 --clear-groups setsid sleep 600 >/dev/null 2>&1 </dev/null &',
    )
    expect(below(other)).toContain('/files/')
    process.kill(other.pid, 'SIGKILL')
    await vi.waitFor(() => expect(below(other)).toBe(''), { timeout: atThisPace(3_000) })
    for (const { dir } of [lab, other]) {
      await labDown(dir)
      expect([existsSync(dir), below({ ...lab, dir })]).toEqual([false, ''])
    }
    expect(readdirSync(place).sort()).toEqual(['nmma', 'other', 'site'])
    expect(stranger.signalCode).toBeNull()
  })
})
