// No shipped playbook leaves a trace in a dry run (P3); a check that writes is found out by the same means.
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { differences, fingerprint } from '../e2e/fingerprint.ts'
import { openSite, type Site } from '../e2e/site.ts'
import { shippedPlaybooks } from './cells.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site?.close())

/** What stands in the way of a playbook where nothing is installed yet. */
const obstacles: Readonly<Record<string, object>> = {
  paths: { exitCode: 1, problem: { code: 'entry-not-there' } },
  drill: { exitCode: 1, problem: { code: 'mount-point-not-there' } },
  verify: { exitCode: 1, problem: { code: 'not-as-it-should-be' } },
}

const tracesOf = async (name: string): Promise<readonly string[]> => {
  const before = await fingerprint(site.lab)
  const { events, stderr } = await site.run('playbook', name, '--dry-run')
  expect(events.at(-1), stderr).toMatchObject({ type: 'run-ended', ...(obstacles[name] ?? { exitCode: 0 }) })
  return differences(before, await fingerprint(site.lab))
}

/** A task of the site's own that says of its probe that it reads. */
const taskThat = (probe: string): string => `// Looks at one thing, and does more than that.
import { resource, same, task, z } from '#task'

const peek = resource({
  kind: 'peek',
  schema: z.object({}),
  read: $ => $\`${probe}\`,
  parse: () => ({}),
})

export default task({
  name: 'peek',
  summary: 'Look at one thing, and do more than that',
  args: z.strictObject({}),
  async check({ world }) {
    await world.look(peek('it'))
    return same('it is there')
  },
  async apply() {},
})
`

const playbook = '- hosts: all\n  tasks:\n    - name: Peek\n      peek: {}\n'

describe('a dry run of a shipped playbook', () => {
  it.each(shippedPlaybooks)('%s leaves no trace', async name => {
    expect(await tracesOf(name)).toEqual([])
  })
})

describe('a check', () => {
  beforeAll(() => {
    for (const folder of ['tasks', 'playbooks']) mkdirSync(`${site.dir}/${folder}`)
    writeFileSync(`${site.dir}/playbooks/peek.yml`, playbook)
  })

  const traces = async (probe: string) => {
    writeFileSync(`${site.dir}/tasks/peek.ts`, taskThat(probe))
    return (await tracesOf('peek')).map(trace => trace.replace(/:.*/s, ''))
  }

  it('that reads leaves no trace', async () => {
    expect(await traces('cat /etc/hosts')).toEqual([])
  })

  it.each([
    ['writes a file', 'echo it >/etc/peeked', 'node2 file /etc/peeked'],
    ['touches one that is there', 'touch /etc/peeked', 'node1 file /etc/peeked'],
    ['makes a directory for a moment', 'mkdir /opt/peeked && rmdir /opt/peeked', 'node1 file /opt'],
    ['leaves a process', 'setsid sleep 600 >/dev/null 2>&1 </dev/null &', 'node1 process'],
    ['mounts', 'mkdir -p /run/peek && mount -t tmpfs none /run/peek', 'node2 mount none /run/peek'],
  ])('that %s is found out', async (_what, probe, trace) => {
    expect((await traces(probe)).filter(found => found.startsWith(trace))).not.toEqual([])
  })
})
