// schemas/event.json: made of the types that the journal is written by, and right for every kind of event.
import { readFileSync, writeFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { toLine } from '../../src/journal/format.ts'
import type { EventBody } from '../../src/model/events.ts'
import type { Owner } from '../../src/model/lock.ts'
import { Secret } from '../../src/model/secret.ts'
import { schemaOfType } from '../kit/type-schema.ts'
import { failedRun, goodRun, started, uidConf, unheard } from '../report/story.ts'

const file = new URL('../../schemas/event.json', import.meta.url)
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Event of a run: one line of a journal, and of --events',
  ...schemaOfType('src/journal/format.ts', 'WrittenEvent'),
}

it('schemas/event.json is what the types say', () => {
  const made = `${JSON.stringify(schema, null, 2)}\n`
  if (process.env.SCHEMAS === 'write') writeFileSync(file, made)
  expect(readFileSync(file, 'utf8'), 'SCHEMAS=write npx vitest run --project unit test/journal writes it').toBe(made)
})

/** A field that the schema does not know is a fault of the schema here; a reader takes those of later versions. */
const closed = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(closed)
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closed(each)]))
  return 'properties' in value && 'required' in value ? { ...inner, additionalProperties: false } : inner
}

const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true })
const isRight = ajv.compile(schema)
const isKnownWhole = ajv.compile(closed(schema) as object)

const of = { step: 'install/mount', host: 'node1' } as const
const hold = { hold: 'partition', host: 'node1' } as const
const { kind, key } = uidConf
const owner: Owner = {
  version: 1,
  token: 'ab12',
  run: '2026-11-23-0612',
  cluster: 'msgr1',
  user: 'root',
  controller: 'workstation',
  machine: '4711',
  pid: 12,
  started: '34',
  since: '2026-11-23T05:12:00.000Z',
  why: 'run playbook install',
}
const looks = [
  { kind, key, host: 'node1', home: 'node1', value: { type: 'absent' }, origin: { type: 'world' } },
  { kind, key, host: 'node1', home: 'node1', value: [1, null], origin: { type: 'promise', by: 'install/mount' } },
  { kind, key, host: 'node1', home: 'disk', value: 'x', origin: { type: 'presumed', place: '/mnt/messenger' } },
  {
    kind,
    key,
    host: 'node1',
    home: 'disk',
    value: true,
    origin: { type: 'receipt', run: 'r', host: 'node2', at: 't' },
  },
] as const
const counts = { same: 1, changed: 0, 'would-change': 0, skipped: 0, unknown: 0, failed: 0, 'not-reached': 0 }

/** One of each kind, with all that it may have. */
const each: { readonly [Type in EventBody['type']]: Extract<EventBody, { readonly type: Type }> } = {
  'run-started': started({
    showing: { verbose: true, diff: false },
    request: { playbook: 'install', tags: ['a'], limit: 'node1', extraVars: ['a=1'], undo: 'r' },
    inputs: [{ file: 'playbooks/install.yml', sha256: 'ab' }],
    inputsLater: ['playbooks/files/messenger.tar'],
    resumes: '2026-11-22-0612',
    risks: [{ text: 'old algorithms' }, { host: 'node1', text: 'taken on trust' }],
    plan: '7c1e',
    places: { 'install/mount': { file: 'playbooks/install.yml', line: 12 }, 'install/uid-conf': { file: 'a.ts' } },
  }) as Extract<EventBody, { readonly type: 'run-started' }>,
  'input-summed': { type: 'input-summed', file: 'playbooks/files/messenger.tar', sha256: 'ab' },
  notice: { type: 'notice', text: 'it is watched to its end' },
  'host-connected': { type: 'host-connected', host: 'node1', ms: 4 },
  'host-unreachable': { type: 'host-unreachable', host: 'node1', problem: unheard },
  'play-started': { type: 'play-started', play: 0 },
  'step-started': { type: 'step-started', ...of },
  'step-checked': { type: 'step-checked', ...of, answer: 'differs', because: 'it is not there', looks },
  'step-asked': { type: 'step-asked', ...of, because: 'it is due', changes: [uidConf], holds: ['partition'] },
  'step-intended': { type: 'step-intended', ...of, changes: [{ ...uidConf, meanwhile: 'no agent answers' }] },
  command: { type: 'command', ...of, script: 'mount /mnt', exitCode: 0, ms: 3 },
  'prompt-answered': { type: 'prompt-answered', ...of, prompt: 'Password:', answer: '***', count: { at: 1, of: 11 } },
  'step-progressed': {
    type: 'step-progressed',
    ...of,
    text: 'sent 4.0 of 40.0 MB',
    count: { at: 4e6, of: 4e7, unit: 'bytes' },
    outlook: [{ type: 'at-this-pace', ms: 9000 }],
  },
  'step-lasts': {
    type: 'step-lasts',
    ...of,
    ms: 30_000,
    outlook: [
      { type: 'as-before', ms: 11_000, took: { ms: 41_000, where: 'on node1' } },
      { type: 'at-most', ms: 40_000 },
      { type: 'gives-up', ms: 24_000 },
    ],
  },
  transcript: { type: 'transcript', ...of, text: 'Welcome' },
  'step-ended': {
    type: 'step-ended',
    ...of,
    outcome: 'failed',
    because: 'it did not',
    evidence: 'opaque',
    changes: [uidConf],
    result: { rc: 1, lines: ['a'] },
    told: 'nothing',
    problem: { ...unheard, exit: 1, excerpt: 'the end' },
    hidesDiff: true,
    ignored: true,
    leftOutBy: 'root@workstation',
    ms: 1,
  },
  'block-rescued': { type: 'block-rescued', block: 'try', host: 'node1', step: 'install/mount' },
  'handler-notified': { type: 'handler-notified', handler: 'restart', host: 'node1', by: 'install/uid-conf' },
  'cluster-locked': { type: 'cluster-locked', owner, places: ['node1'] },
  'lock-broken': { type: 'lock-broken', cluster: 'msgr1', places: ['node1'], owners: [owner], reason: 'r', by: 'me' },
  'hold-intended': { type: 'hold-intended', ...hold },
  'hold-acquired': { type: 'hold-acquired', ...hold, ms: 1 },
  'hold-kept': { type: 'hold-kept', ...hold },
  'hold-released': { type: 'hold-released', ...hold, ms: 1 },
  'hold-failed': { type: 'hold-failed', ...hold, problem: unheard },
  'released-assumed': { type: 'released-assumed', host: 'node1', reason: 'it is switched off' },
  'receipt-written': {
    type: 'receipt-written',
    receipt: {
      version: 1,
      ...of,
      cluster: 'msgr1',
      run: 'r',
      at: 't',
      settings: '',
      rests: [{ kind, key, digest: 'ab' }],
      attests: [{ kind, key, home: 'disk', value: { a: 1 }, seenAt: 't' }],
      result: [1],
    },
  },
  'receipt-withdrawn': { type: 'receipt-withdrawn', ...of, because: 'it moves' },
  'run-interrupted': { type: 'run-interrupted', signal: 'SIGINT' },
  'run-ended': {
    type: 'run-ended',
    exitCode: 0,
    counts: { ...counts, 'let-pass': 1, waits: 1 },
    ms: 12,
    problem: unheard,
  },
}

const written = (body: EventBody): Record<string, unknown> =>
  JSON.parse(toLine(body, { seq: 1, at: '2026-11-23T05:12:00.000Z', redact: text => text }).line)

describe('a line as the journal writes it', () => {
  it.each(Object.values(each))('$type is right, and each of its fields is known', body => {
    expect([isKnownWhole(written(body)), isKnownWhole.errors]).toEqual([true, null])
  })

  it.each(Object.values(each))('$type is wrong without any field that it must have, and right with one more', body => {
    const line = written(body)
    const needed = ['v', 'seq', 'at', 'sum', 'type', ...(body.type === 'step-ended' ? ['outcome', 'changes'] : [])]
    for (const field of needed) expect([field, isRight({ ...line, [field]: undefined })]).toEqual([field, false])
    expect(isRight({ ...line, later: 1 })).toBe(true)
    expect([isRight({ ...line, v: 2 }), isRight({ ...line, type: 'step-danced' })]).toEqual([false, false])
  })

  it('whole runs are right', () => {
    for (const { seq, at, ...body } of [...goodRun(), ...failedRun()])
      expect([seq, at, isKnownWhole(written(body))]).toEqual([seq, at, true])
  })

  it('a secret in it is the text that stands for one', () => {
    const secret = new Secret('env:PASSWORD', 'Kanarienvogel')
    const line = written({ ...each['step-ended'], result: { password: secret as unknown as string } })
    expect([isKnownWhole(line), JSON.stringify(line).includes('Kanarienvogel')]).toEqual([true, false])
  })
})
