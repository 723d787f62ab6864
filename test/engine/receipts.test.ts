// Receipts: proof of an act, and of what was seen on a volume; worth nothing once what they rest on has moved.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { notKnownYet } from '../../src/model/change.ts'
import type { Receipt } from '../../src/model/receipt.ts'
import { resource } from '../../src/task/resource.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, theShelf } from '../kit/things.ts'

const one = ['node1']

/** An act that rests on the thing `base`. */
const onBase = (args: object = {}) => step('Act', act, { args: { set: 'done', rests: ['base'], ...args } })

const alone = (...nodes: Parameters<typeof play>[1]) => outline(one, play(one, nodes))

describe('the receipt of an act', () => {
  it('is written to the node and told once the act is done', async () => {
    const cluster = memoryCluster(one)
    const { log, of } = await carry(alone(onBase()), cluster)
    const [receipt] = cluster.keptReceipts('node1')
    expect(receipt).toEqual({
      version: 1,
      step: 'test/act',
      host: 'node1',
      cluster: 'test-cluster',
      run: expect.stringMatching(/^run-/),
      at: expect.any(String),
      settings: '',
      rests: [{ kind: 'thing', key: 'base', digest: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      attests: [],
      result: { set: 'done' },
    })
    expect(of('receipt-written').map(event => event.receipt)).toEqual([receipt])
    expect(log.indexOf('event receipt-written')).toBeLessThan(log.indexOf('event step-ended act@node1'))
  })

  it('makes the act the same next time, attested, with its result', async () => {
    const cluster = memoryCluster(one)
    const { of } = await carry(alone(onBase()), cluster)
    const run = of('run-started')[0]?.run
    const second = await carry(alone(onBase()), cluster)
    expect(second).toMatchObject({ exitCode: 0, deeds: [], outcomes: { 'act@node1': 'same' } })
    expect(second.ended('act@node1')).toMatchObject({ evidence: 'attested', result: { set: 'done' } })
    expect(second.ended('act@node1').because).toMatch(
      new RegExp(`^done by run ${run} at .*, and what it rests on is unchanged$`),
    )
    expect(second.of('receipt-written')).toEqual([])
  })

  it.each<[string, (cluster: MemoryCluster) => void, object, string]>([
    [
      'what it rests on has moved',
      ({ node }) => node('node1').things.set('base', 'new'),
      {},
      'thing base is not what it was when it was done',
    ],
    ['its settings are others', () => {}, { settings: 'other' }, 'its settings are others than when it was done'],
    [
      'it rests on more than then',
      () => {},
      { rests: ['base', 'more'] },
      'thing more is not what it was when it was done',
    ],
    ['it rests on less than then', () => {}, { rests: [] }, 'thing base is not what it was when it was done'],
    ['somebody took it away', ({ node }) => node('node1').receipts.clear(), {}, 'no receipt says that it was done'],
    ['it is broken', ({ node }) => node('node1').receipts.set('x', '{"version":1,'), {}, ''],
  ])('does not stand where %s', async (_, move, args, because) => {
    const cluster = memoryCluster(one)
    await carry(alone(onBase()), cluster)
    if (because === '') cluster.node('node1').receipts.clear()
    move(cluster)
    const foretold = await dryRun(alone(onBase(args)), cluster)
    expect(foretold.outcomes).toEqual({ 'act@node1': 'would-change' })
    expect(foretold.ended('act@node1').because).toBe(because || 'no receipt says that it was done')
    expect((await carry(alone(onBase(args)), cluster)).outcomes).toEqual({ 'act@node1': 'changed' })
  })

  it.each<[string, Partial<Receipt>]>([
    ['another host', { host: 'node9' }],
    ['another version', { version: 2 as never }],
  ])('of %s counts for nothing', async (_, other) => {
    const cluster = memoryCluster(one)
    await carry(alone(onBase()), cluster)
    const [receipt] = cluster.keptReceipts('node1')
    cluster.node('node1').receipts.clear()
    cluster.node('node1').receipts.set('copied', JSON.stringify({ ...receipt, ...other }))
    expect((await dryRun(alone(onBase()), cluster)).outcomes).toEqual({ 'act@node1': 'would-change' })
  })

  it('is withdrawn before the act is carried out again, and stays so when that fails', async () => {
    const cluster = memoryCluster(one)
    await carry(alone(onBase()), cluster)
    cluster.node('node1').things.set('base', 'new')
    cluster.node('node1').meddle = script => (script.startsWith('set') ? { exitCode: 1 } : undefined)
    const run = await carry(alone(onBase()), cluster)
    expect(run.of('receipt-withdrawn')).toMatchObject([
      { step: 'test/act', because: 'what it says is about to change' },
    ])
    expect(run.log.indexOf('event step-intended act@node1')).toBeLessThan(
      run.log.indexOf('event receipt-withdrawn act@node1'),
    )
    expect(cluster.keptReceipts('node1')).toEqual([])
    cluster.node('node1').things.set('base', '')
    cluster.node('node1').meddle = undefined
    expect((await carry(alone(onBase()), cluster)).outcomes).toEqual({ 'act@node1': 'changed' })
  })

  it('is withdrawn by a step that changes what it rests on, and foretold so', async () => {
    const cluster = memoryCluster(one)
    const base = (value: string) => step('Base', keep, { args: { key: 'base', value } })
    await carry(alone(base('1'), onBase()), cluster)
    const foretold = await dryRun(alone(base('2'), onBase()), cluster)
    expect(foretold.outcomes).toEqual({ 'base@node1': 'would-change', 'act@node1': 'would-change' })
    expect(cluster.keptReceipts('node1')).toHaveLength(1)
    const run = await carry(alone(base('2'), onBase()), cluster)
    expect(run.outcomes).toEqual({ 'base@node1': 'changed', 'act@node1': 'changed' })
    expect(run.of('receipt-withdrawn')).toMatchObject([
      { step: 'test/act', because: 'test/base changes what it rests on' },
    ])
  })

  it('is of no worth after what it rests on was changed, even if it was changed back', async () => {
    const cluster = memoryCluster(one)
    const base = (value: string) => step('Base', keep, { args: { key: 'base', value } })
    await carry(alone(base('1'), onBase()), cluster)
    await carry(alone(base('2')), cluster)
    await carry(alone(base('1')), cluster)
    expect((await dryRun(alone(onBase()), cluster)).outcomes).toEqual({ 'act@node1': 'would-change' })
  })
})

describe('a node that cannot keep receipts', () => {
  it('fails the step, and says that the act itself is done', async () => {
    const cluster = memoryCluster(one)
    cluster.node('node1').meddle = script =>
      script.startsWith('umask 077') && script.includes('receipts')
        ? { exitCode: 1, stderr: 'No space left on device' }
        : undefined
    const run = await carry(alone(onBase()), cluster)
    expect(run.exitCode).toBe(1)
    expect(run.problem('act@node1')).toMatchObject({
      code: 'receipt-not-written',
      summary: 'The receipt of test/act cannot be written to node1',
      seen: 'No space left on device',
      state: 'the step itself is done; without its receipt it counts as due',
    })
  })

  it('stops before the act where an old one cannot be withdrawn', async () => {
    const cluster = memoryCluster(one)
    await carry(alone(onBase()), cluster)
    cluster.node('node1').things.set('base', 'new')
    cluster.node('node1').meddle = script =>
      script.startsWith('rm -f') ? { exitCode: 1, stderr: 'Read-only' } : undefined
    const run = await carry(alone(onBase()), cluster)
    expect(run.problem('act@node1')).toMatchObject({ code: 'receipt-not-withdrawn', seen: 'Read-only' })
    expect(run.deeds.filter(deed => deed.includes('set'))).toEqual([])
  })

  it('stops before anything where they are there but cannot be read: acts would be done twice', async () => {
    const cluster = memoryCluster(one)
    await carry(alone(onBase()), cluster)
    cluster.node('node1').meddle = script =>
      script.includes('cat "$f"') ? { exitCode: 1, stdout: 'lock taken\n', stderr: 'Permission denied' } : undefined
    const run = await carry(alone(onBase()), cluster)
    expect(run).toMatchObject({ exitCode: 1, deeds: [], outcomes: {} })
    expect(run.of('host-unreachable')).toMatchObject([
      { host: 'node1', problem: { code: 'receipts-unreadable', seen: 'Permission denied' } },
    ])
  })
})

const book = (value = 'read', name = 'Book') => step(name, keep, { args: { key: 'shelf/book', value } })
const onShelf = (...nodes: Parameters<typeof play>[1]) => alone(held(theShelf, ...nodes))

describe('what was seen on a volume', () => {
  it('is attested while the volume is away', async () => {
    const cluster = memoryCluster(one)
    await carry(onShelf(book()), cluster)
    const second = await carry(onShelf(book()), cluster)
    expect(second).toMatchObject({ deeds: [], outcomes: { 'book@node1': 'same' } })
    expect(second.ended('book@node1').evidence).toBe('attested')
    expect(second.of('step-checked')[0]?.looks).toContainEqual({
      host: 'node1',
      home: 'volume shelf',
      kind: 'thing',
      key: 'shelf/book',
      value: 'read',
      origin: { type: 'receipt', run: expect.any(String), host: 'node1', at: expect.any(String) },
    })
  })

  it('is attested on every node, whoever saw it', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    const plan = (host: string) => outline(cluster.order, play([host], [held(theShelf, book())]))
    await carry(plan('node1'), cluster)
    expect(await carry(plan('node2'), cluster)).toMatchObject({ deeds: [], outcomes: { 'book@node2': 'same' } })
  })

  it('counts for nothing on another volume of the same name: it is taken and looked at', async () => {
    const cluster = memoryCluster(one)
    await carry(onShelf(book()), cluster)
    cluster.shelfId = 'shelf-2'
    cluster.shelf.clear()
    const foretold = await dryRun(onShelf(book()), cluster)
    expect(foretold.ended('book@node1')).toMatchObject({ outcome: 'would-change', evidence: 'predicted' })
    expect((await carry(onShelf(book()), cluster)).outcomes).toEqual({ 'book@node1': 'changed' })
  })

  it('goes by the newest that was seen', async () => {
    const cluster = memoryCluster(one)
    await carry(onShelf(book('read')), cluster)
    await carry(onShelf(book('unread', 'Other')), cluster)
    const foretold = await dryRun(onShelf(book('read')), cluster)
    expect(foretold.ended('book@node1').changes).toEqual([
      { kind: 'thing', key: 'shelf/book', before: 'unread', after: 'read' },
    ])
  })

  it.each([
    ['ahead', 86_400_000],
    ['behind', -86_400_000],
  ])('goes by the newest also where the clock of one controller is a day %s of the other', async (_, aheadMs) => {
    const cluster = memoryCluster(['node1', 'node2'])
    const plan = (host: string, ...steps: Parameters<typeof held>[1][]) =>
      outline(cluster.order, play([host], [held(theShelf, ...steps)]))
    const clocks = aheadMs > 0 ? [aheadMs, 0] : [0, aheadMs]
    await carry(plan('node2', book('read')), cluster, { aheadMs: clocks[0] ?? 0 })
    await carry(plan('node1', book('unread', 'Other')), cluster, { aheadMs: clocks[1] ?? 0 })
    const foretold = await dryRun(plan('node1', book('read')), cluster)
    expect(foretold.outcomes).toEqual({ 'book@node1': 'would-change' })
    expect((await carry(plan('node1', book('read')), cluster)).deeds).toContain('node1: set shelf/book read')
  })

  it('is not thrown off by a time that no clock has', async () => {
    const cluster = memoryCluster(one)
    await carry(onShelf(book('read')), cluster)
    const { receipts } = cluster.node('node1')
    for (const [path, text] of receipts)
      receipts.set(path, text.replace(/"at":"[^"]*"/, '"at":"+275760-09-13T00:00:00.000Z"'))
    expect((await carry(onShelf(book('read'), onBase({ rests: [] })), cluster)).exitCode).toBe(0)
  })

  it('is not attested any more once a step set out to change it, though that step failed', async () => {
    const cluster = memoryCluster(one)
    await carry(onShelf(book('read')), cluster)
    cluster.node('node1').meddle = script => {
      if (!script.startsWith('set')) return undefined
      cluster.shelf.set('shelf/book', 'torn')
      return { exitCode: 1 }
    }
    await carry(onShelf(book('unread', 'Other')), cluster)
    cluster.node('node1').meddle = undefined
    expect((await carry(onShelf(book('read')), cluster)).outcomes).toEqual({ 'book@node1': 'changed' })
    expect(cluster.shelf.get('shelf/book')).toBe('read')
  })

  it('is looked at again after a foreign program, which may have touched it', async () => {
    const cluster = memoryCluster(one)
    const burn = step('Burn', act, { args: { set: 'shelf/book', to: 'ash' } })
    await carry(onShelf(book('read'), burn), cluster)
    const foretold = await dryRun(onShelf(book('read'), burn), cluster)
    expect(foretold.outcomes).toEqual({ 'book@node1': 'would-change', 'burn@node1': 'same' })
    expect(foretold.ended('book@node1').changes).toMatchObject([{ before: 'ash' }])
  })
})

describe('a volume whose identity nobody sees before it is taken', () => {
  const hiddenId = resource({
    kind: 'hidden-id',
    schema: z.union([z.string(), z.object({ unknown: z.literal(true) })]),
    read: $ => $`shelf`,
    parse: ({ stdout }) => (stdout.startsWith('here') ? stdout : notKnownYet),
  })
  const hiding = { ...theShelf, identity: () => hiddenId('shelf') }
  const plan = () => alone(held(hiding, book(), step('Act', act, { args: { set: 'done' } })))

  it('has receipts that are taken at their word while it is away', async () => {
    const cluster = memoryCluster(one)
    await carry(plan(), cluster)
    expect(cluster.keptReceipts('node1').map(({ rests }) => rests.map(({ kind }) => kind))).toEqual([
      ['hidden-id'],
      ['hidden-id'],
    ])
    expect(await carry(plan(), cluster)).toMatchObject({ deeds: [], exitCode: 0 })
  })

  it('has receipts that are held against it while it is there', async () => {
    const cluster = memoryCluster(one)
    await carry(plan(), cluster)
    cluster.node('node1').hasShelf = true
    expect((await dryRun(plan(), cluster)).outcomes).toEqual({ 'book@node1': 'same', 'act@node1': 'same' })
    cluster.shelfId = 'shelf-2'
    cluster.shelf.clear()
    expect((await carry(plan(), cluster)).outcomes).toEqual({ 'book@node1': 'changed', 'act@node1': 'changed' })
  })
})
