// What a place of the cluster's lock is told as: who has it, what for, since when, and what comes next.
import { expect, it } from 'vitest'
import { tellPlace } from '../../src/cli/lock-words.ts'
import type { Owner } from '../../src/model/lock.ts'

const owner: Owner = {
  version: 1,
  token: 'a-token',
  machine: 'a-machine',
  pid: 4711,
  started: '17',
  run: '2026-11-23-0612',
  cluster: 'msgr1',
  user: 'root',
  controller: 'workstation',
  since: '2026-11-23T06:12:00.000Z',
  why: 'run playbook install',
}

it.each([
  [
    'alive',
    'locked by run 2026-11-23-0612 of root@workstation for `run playbook install`, since 2026-11-23T06:12:00.000Z, last heartbeat 12s ago',
  ],
  [
    'dead',
    'locked by run 2026-11-23-0612 of root@workstation for `run playbook install`, since 2026-11-23T06:12:00.000Z, last heartbeat 12s ago, its process is gone: the next run takes the lock over; `run resume` goes on with what it began',
  ],
] as const)('one whose process is %s', (standing, text) => {
  expect(
    tellPlace({ type: 'locked', place: 'node1', standing, lock: { place: 'node1', owner, silentForMs: 12_000 } }),
  ).toBe(text)
})
