// A site of a test's own, whose nodes are a port on this machine that must never see a connection.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import { beginCommand } from '../lab/e2e/command.ts'

export type Told = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

// A command starts in half a second, on a busy machine in many.
vi.setConfig({ testTimeout: 60_000 })

const sites: string[] = []
let connections = 0
let listener: Server
let port = 0

beforeAll(async () => {
  listener = createServer(socket => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})

afterEach(() => {
  expect(connections, 'connections to a node').toBe(0)
})

afterAll(() => {
  listener.close()
  for (const site of sites) rmSync(site, { recursive: true })
})

/** Two nodes that are no lab's, at the port that listens. */
export const inventory = (): string =>
  `
cluster:
  name: msgr1
  failover_list: [ada, bob]
all:
  hosts:
    ada: { ansible_host: 127.0.0.1, ansible_port: ${port} }
    bob: { ansible_host: 127.0.0.1, ansible_port: ${port} }
  vars:
    mount_point: /mnt/messenger
`.trimStart()

/** A playbook without a fault, with one step. */
export const playbook = `
- name: Site
  hosts: all
  tasks:
    - name: Mount point
      tags: [storage]
      file: { path: "{{ mount_point }}", state: directory }
`.trimStart()

/** @param files Text by path; \`inventory.yml\` and \`playbooks/site.yml\` are there, and right, unless they are given. */
export const siteOf = (
  files: Readonly<Record<string, string>> = {},
): ((...args: readonly string[]) => Promise<Told>) => {
  const dir = mkdtempSync(join(tmpdir(), 'run-cli-'))
  sites.push(dir)
  const all = { 'run.yml': 'inventory: inventory.yml\n', 'inventory.yml': inventory(), 'playbooks/site.yml': playbook }
  for (const [path, text] of Object.entries({ ...all, ...files })) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text.trimStart())
  }
  return async (...args) => {
    const { status, stdout, stderr } = await beginCommand({ dir }, args).end
    const steady = (text: string) => text.replaceAll(dir, 'SITE').replaceAll(`${port}`, 'PORT')
    return { status, stdout: steady(stdout), stderr: steady(stderr) }
  }
}

/** What is said when the input is refused: it comes on stderr, with exit code 2, and nothing else happens. */
export const refusal = ({ status, stdout, stderr }: Told): string => {
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  return stderr
}
