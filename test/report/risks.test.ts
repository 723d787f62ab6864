// A risk that somebody asked for stands at the head of whatever tells a run or a plan.
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import {
  foldAll,
  plainView,
  planJson,
  planMarkdown,
  planOf,
  planText,
  recordMarkdown,
  recordOf,
  replay,
  replayedTree,
} from '../../src/report/index.ts'
import { dryRun, goodRun } from './story.ts'

const risks = [
  { host: 'node2', text: 'reached with SSH algorithms that are not safe any more: ssh-rsa' },
  { text: 'the directory at ldap.acme may use TLS 1.0, SHA-1 and short keys' },
]

const risky = ([first, ...rest]: readonly RunEvent[]): readonly RunEvent[] =>
  first?.type === 'run-started' ? [{ ...first, risks }, ...rest] : rest

const plain = (events: readonly RunEvent[]): string => {
  let text = ''
  const view = plainView(more => {
    text += more
  })
  replay(events, view)
  return text
}

const plan = (events: readonly RunEvent[]) => {
  const made = planOf(foldAll(events))
  if (!made) throw new Error('the events hold no start of a run')
  return made
}

describe('a risk', () => {
  it('is told in the lines below the first one of a run', () => {
    expect(plain(risky(goodRun())).split('\n').slice(1, 3)).toEqual([
      'node2  -                  risk          -          reached with SSH algorithms that are not safe any more: ssh-rsa',
      'run    -                  risk          -          the directory at ldap.acme may use TLS 1.0, SHA-1 and short keys',
    ])
  })

  it('is told at the head of the tree', () => {
    expect(replayedTree(risky(goodRun())).split('\n').slice(1, 3)).toEqual([
      '  risk  node2: reached with SSH algorithms that are not safe any more: ssh-rsa',
      '  risk  the directory at ldap.acme may use TLS 1.0, SHA-1 and short keys',
    ])
  })

  it('is told at the head of a plan, and is part of its digest', () => {
    const made = plan(risky(dryRun()))
    expect(planText(made).split('\n')[2]).toBe(
      '  risk  node2: reached with SSH algorithms that are not safe any more: ssh-rsa',
    )
    expect(planMarkdown(made)).toContain('**Risk:** the directory at ldap.acme may use TLS 1.0')
    expect(JSON.parse(planJson(made)).risks).toEqual(risks)
    expect(made.digest).not.toBe(plan(dryRun()).digest)
  })

  it('is in the record of a run', () => {
    const record = recordOf(risky(goodRun()))
    expect(record && recordMarkdown(record)).toContain('the directory at ldap.acme may use TLS 1.0')
  })
})
