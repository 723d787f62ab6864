// A script as people read it, and as the directory has it: its line breaks, and the last one, come back as they were.
import { describe, expect, it } from 'vitest'
import { isMixed, plainField, textField } from '../../../../tasks/lib/cluster-object/fields.ts'

const field = textField('nCSCRMLoadScript')

describe('a script', () => {
  it.each<[string, string, string]>([
    ['as a shell has it', '#!/bin/bash\nexit 0\n', 'one\ntwo\n'],
    ['without its last line break', '#!/bin/bash\nexit 0', 'one\ntwo'],
    ['as a browser has it', '#!/bin/bash\r\nexit 0\r\n', 'one\r\ntwo\r\n'],
    ['as a browser has it, without its last line break', '#!/bin/bash\r\nexit 0', 'one\r\ntwo'],
  ])('%s is read with plain line breaks, and written in the same form', (_, there, written) => {
    const read = field.read([there])
    expect(read).toBe('#!/bin/bash\nexit 0\n')
    expect(field.write('one\ntwo\n', [there])).toEqual([written])
    expect(field.write(read, [there])).toEqual([there])
  })

  it.each(['one\r\ntwo\n', 'one\rtwo\n'])('with two kinds of line breaks is known as such: %j', there => {
    const read = field.read([there])
    expect(read).toBe(there)
    expect(typeof read === 'string' && isMixed(read)).toBe(true)
  })

  it('that is not set is written as it is', () => {
    expect(field.read([])).toBeNull()
    expect(field.write('one\n', [])).toEqual(['one\n'])
    expect(field.write(null, ['one\n'])).toEqual([])
  })
})

it('any other attribute is itself, a list, or nothing', () => {
  const plain = plainField('nCSCRMPreferredNodes')
  for (const values of [[], ['600'], ['node1', 'node2'], [{ base64: 'AP8=' }]])
    expect(plain.write(plain.read(values), [])).toEqual(values)
})
