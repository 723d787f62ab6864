import { describe, expect, it } from 'vitest'
import { masked } from '../../src/journal/masked.ts'
import { Secret } from '../../src/model/secret.ts'
import { createRedactor } from '../../src/shell/redact.ts'

const writtenWith = (password: string, value: unknown) =>
  masked(value, createRedactor([new Secret('password', password)]).redact)

describe('our own words stay readable, whatever a password is', () => {
  it.each(['same', 'path', 'type', 'text', 'step', 'install', 'node', 'a', 'host'])('%s', password => {
    const event = {
      type: 'text',
      mode: '0644',
      step: 'install/mount',
      host: 'node1',
      path: 1,
      text: null,
      answer_path: 1,
    }
    expect(writtenWith(password, event)).toEqual(event)
  })
})

describe('a secret is masked', () => {
  it.each<readonly [string, string, unknown, unknown]>([
    ['as an object, short or long', 'x', { pin: new Secret('pin', 'x') }, { pin: '••••••' }],
    ['as a field of ours too', 'file', { type: new Secret('t', 'file') }, { type: '••••••' }],
    ['within a text', 'Wort-4711', ['it said Wort-4711!'], ['it said ••••••!']],
    ['as a key that a program printed', 'Wort-4711', { 'Wort-4711': 1 }, { '••••••': 1 }],
    ['in a name of ours, where it is none of our words', 'Wort 4711', { type: 'Wort 4711' }, { type: '••••••' }],
  ])('%s', (_, password, value, wanted) => {
    expect(writtenWith(password, value)).toEqual(wanted)
  })
})
