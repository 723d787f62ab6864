// A lab comes up once, goes without a trace, and leaves nothing when it is killed.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { childrenOf } from '../../lab/enter.ts'
import { hasOpenLdap, type Lab, labDown, labStatus } from '../../lab/index.ts'
import { atThisPace } from '../kit/pace.ts'
import { scratchDir, up, upWithoutRoot } from './scratch-lab.ts'
import { login, output, run } from './ssh.ts'

/** Something runs on each node, and somebody has the partition mounted. */
const use = async (lab: Lab): Promise<void> => {
  for (const { name } of lab.nodes) {
    const node = await login(lab, name)
    await output(node, `mkdir -p /mnt/messenger && mount ${lab.device} /mnt/messenger`)
    await output(node, 'setsid sleep 600 >/dev/null 2>&1 </dev/null &')
  }
}

describe.each([
  ['as this user', up],
  ['without root', upWithoutRoot],
])('a lab, %s', (_lane, bringUp) => {
  it('is there when it was brought up, and leaves nothing when it is taken down', async () => {
    const lab = await bringUp()
    await use(lab)
    const family = familyOf(lab.pid)
    expect(await labStatus(lab.dir)).toMatchObject({ pid: lab.pid, nodes: lab.nodes })
    expect(family.length).toBeGreaterThan(4)
    await labDown(lab.dir)
    await expectNothingLeft(lab, family)
    expect(readdirSync(dirname(lab.dir))).toEqual([])
    expect(await labStatus(lab.dir)).toBeUndefined()
  })

  it('takes everything with it when its daemon is killed, and comes up again', async () => {
    const lab = await bringUp()
    await use(lab)
    const family = familyOf(lab.pid)
    process.kill(lab.pid, 'SIGKILL')
    await expectNothingLeft(lab, family)
    expect(await labStatus(lab.dir)).toBeUndefined()
    const again = await bringUp({ dir: lab.dir })
    expect(again.pid).not.toBe(lab.pid)
    expect(await output(await login(again, 'node2'), 'uname -n')).toBe('node2')
  })
})

describe('a lab that is up', () => {
  it('is left alone by a second up, which answers fast', async () => {
    const lab = await up()
    const start = performance.now()
    expect(await up({ dir: lab.dir, nodes: undefined })).toEqual(lab)
    expect(performance.now() - start).toBeLessThan(atThisPace(500))
  })

  it('is waited for by an up at the same moment', async () => {
    const dir = scratchDir()
    const labs = await Promise.all([up({ dir }), up({ dir })])
    expect(labs[0]).toEqual(labs[1])
  })

  it('keeps its number of nodes', async () => {
    const lab = await up()
    await expect(up({ dir: lab.dir, nodes: 3 })).rejects.toMatchObject({ code: 'lab-other-size' })
    if (hasOpenLdap())
      await expect(up({ dir: lab.dir, directory: 'slapd' })).rejects.toMatchObject({ code: 'lab-other-directory' })
  })

  it('does not meet another one beside it', async () => {
    const [one, other] = await Promise.all([up(), up()])
    await run(await login(one, 'node1'), 'echo one >/etc/motd')
    await labDown(one.dir)
    expect(await output(await login(other, 'node1'), 'uname -n; cat /etc/motd')).not.toContain('one')
  })
})

it.each([1, 33, 2.5])('%d nodes are no cluster', async nodes => {
  await expect(up({ nodes })).rejects.toMatchObject({ code: 'lab-nodes-number' })
})

it('down of what is not up is fine', async () => {
  await expect(labDown(scratchDir())).resolves.toBeUndefined()
})

it('a state directory may have a long path', async () => {
  const lab = await up({ dir: `${scratchDir()}/${'long-'.repeat(30)}/lab` })
  expect(lab.nodes).toHaveLength(2)
  await labDown(lab.dir)
})

it('32 nodes are up in under ten seconds', async () => {
  const start = performance.now()
  const lab = await up({ nodes: 32 })
  expect(performance.now() - start).toBeLessThan(atThisPace(10_000))
  expect(await output(await login(lab, 'node32'), 'uname -n; cat /proc/net/fib_trie')).toMatch(
    /^node32\n[\s\S]*10\.88\.1\.32/,
  )
})

type Process = { readonly pid: number; readonly started: string }

/** The daemon and all that descends from it. A process is told by its number and the moment that it began. */
const familyOf = (pid: number): readonly Process[] => [
  { pid, started: startOf(pid) },
  ...childrenOf(pid).flatMap(familyOf),
]

/** Field 22 of /proc/PID/stat; empty when there is no such process. */
const startOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

const expectNothingLeft = (lab: Lab, family: readonly Process[]): Promise<void> =>
  vi.waitFor(
    () => {
      expect(family.filter(({ pid, started }) => startOf(pid) === started)).toEqual([])
      expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(lab.dir)
      expect(execFileSync('losetup', ['--list', '--noheadings'], { encoding: 'utf8' })).not.toContain(lab.dir)
      expect(existsSync(`${lab.dir}/files/nodes`)).toBe(false)
    },
    { timeout: atThisPace(3_000) },
  )
