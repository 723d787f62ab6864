// Nodes are machines of their own: nothing of one shows on another, except what goes over the network.
import { readFileSync, readlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { up, upWithoutRoot } from './scratch-lab.ts'
import { login, output, run } from './ssh.ts'

describe.each([
  ['as this user', up],
  ['without root', upWithoutRoot],
])('a node, %s', async (_lane, bringUp) => {
  const lab = await bringUp()
  const [one, two] = await Promise.all([login(lab, 'node1'), login(lab, 'node2')])

  it('has a host name, and knows the others by theirs', async () => {
    expect(await output(one, 'uname -n')).toBe('node1')
    expect(await output(two, 'cat /etc/hostname')).toBe('node2')
    expect(await output(two, 'getent hosts node1')).toMatch(/^10\.88\.1\.1\s/)
  })

  it.each(['mnt', 'pid', 'net', 'uts', 'ipc'])('has a %s namespace of its own', async kind => {
    const places = await Promise.all([one, two].map(node => output(node, `readlink /proc/self/ns/${kind}`)))
    expect(new Set([...places, readNamespace(kind)]).size).toBe(3)
  })

  it('has processes of its own', async () => {
    await run(one, 'sleep 600 >/dev/null 2>&1 </dev/null &')
    expect(await output(one, 'cat /proc/[0-9]*/comm')).toContain('sleep')
    expect(await output(two, 'cat /proc/[0-9]*/cmdline | tr "\\0" " "')).not.toContain('600')
  })

  it('keeps a daemon whose shell has ended, and reaps it when it ends', async () => {
    const pid = await output(
      one,
      'setsid sh -c "trap exit TERM; while :; do sleep 0.02; done" >/dev/null 2>&1 </dev/null & echo $!',
    )
    expect(await output(one, `kill -0 ${pid} && echo alive`)).toBe('alive')
    await run(one, `kill ${pid}; while [ -e /proc/${pid} ]; do sleep 0.02; done`)
    expect(await output(one, 'grep -h ^State /proc/[0-9]*/status')).not.toContain('zombie')
  })

  it('has files of its own', async () => {
    await run(one, 'echo changed >/etc/motd; mkdir -p /opt/novell/here')
    expect((await run(two, 'cat /etc/motd')).stdout).not.toBe('changed\n')
    expect((await run(two, 'ls -d /opt/novell/here')).status).not.toBe(0)
  })

  it('has mounts of its own', async () => {
    await run(one, 'mkdir -p /mnt/own && mount -t tmpfs own /mnt/own')
    expect(await output(one, 'cat /proc/mounts')).toContain('/mnt/own')
    expect(await output(two, 'cat /proc/mounts')).not.toContain('/mnt/own')
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain('/mnt/own')
  })

  it('reaches the others at their addresses', async () => {
    const listen = `require('net').createServer(s => s.end('hello')).listen(8300, () => console.log('up'))`
    await output(
      two,
      `/run/lab/node -e "${listen}" >/tmp/up 2>&1 </dev/null & until grep -q up /tmp/up; do sleep 0.02; done`,
    )
    const ask = `require('net').connect(8300, '10.88.1.2').pipe(process.stdout)`
    expect(await output(one, `/run/lab/node -e "${ask}"`)).toBe('hello')
    expect((await run(one, `/run/lab/node -e "${ask.replace('10.88.1.2', '127.0.0.1')}"`)).status).not.toBe(0)
  })

  it('does not show the home directories, temporary files and the checkout of this machine', async () => {
    for (const path of [homedir(), '/tmp', process.cwd()])
      expect((await run(one, `ls -A '${path}' 2>/dev/null | grep -v '^up$'`)).stdout, path).toBe('')
  })

  it("has the agents' user, with the same number everywhere", async () => {
    expect(await output(one, 'id -u nvlmsgr')).toBe(await output(two, 'id -u nvlmsgr'))
  })

  it.skipIf(lab.lacks.includes('chown to a second user'))("lets root give a file to the agents' user", async () => {
    expect(await output(one, 'touch /tmp/f; chown nvlmsgr /tmp/f; stat -c %U /tmp/f')).toBe('nvlmsgr')
  })

  it('reaches the directory', async () => {
    const ask = `require('net').connect(389, 'directory').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`
    expect((await run(two, `/run/lab/node -e "${ask}"`)).status).toBe(0)
  })
})

const readNamespace = (kind: string): string => readlinkSync(`/proc/self/ns/${kind}`)
