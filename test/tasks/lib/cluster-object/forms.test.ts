// How a list of nodes, a mode and a timeout are read off what stands there, and another one is written in the same form.
import { describe, expect, it } from 'vitest'
import type { FieldValue } from '../../../../tasks/lib/cluster-object/fields.ts'
import { modeForm, nodesForm, timeoutForm } from '../../../../tasks/lib/cluster-object/forms.ts'

const known = ['node1', 'node2', 'NODE3']

describe('a list of nodes', () => {
  it.each<[string, FieldValue, readonly string[], FieldValue]>([
    ['a name each', ['node1', 'node2'], ['node1', 'node2'], ['NODE3', 'node1', 'node2']],
    [
      'a distinguished name each',
      ['cn=node1,cn=c,o=acme', 'cn=node2,cn=c,o=acme'],
      ['node1', 'node2'],
      ['cn=NODE3,cn=c,o=acme', 'cn=node1,cn=c,o=acme', 'cn=node2,cn=c,o=acme'],
    ],
    [
      'one distinguished name',
      'cn=node1,cn=c,o=acme',
      ['node1'],
      ['cn=NODE3,cn=c,o=acme', 'cn=node1,cn=c,o=acme', 'cn=node2,cn=c,o=acme'],
    ],
    ['one value, with commas', 'node1,node2', ['node1', 'node2'], 'NODE3,node1,node2'],
    ['one value, with blanks around', ' node2 node1\n', ['node2', 'node1'], ' NODE3 node1 node2\n'],
    ['one value, a line each', 'node1\nNode3', ['node1', 'NODE3'], 'NODE3\nnode1\nnode2'],
    ['in another case', ['NODE1', 'Node2'], ['node1', 'node2'], ['NODE3', 'node1', 'node2']],
  ])('%s', (_, seen, value, written) => {
    const form = nodesForm(seen, known)
    expect(form?.value).toEqual(value)
    expect(form?.write(['node3', 'node1', 'node2'])).toEqual(written)
  })

  it('of one name is read, and shows not how a second one would be written', () => {
    const form = nodesForm('node2', known)
    expect(form?.value).toEqual(['node2'])
    expect(form?.write(['node1'])).toBe('node1')
    expect(form?.write(['node1', 'node2'])).toBeUndefined()
  })

  it.each<[string, FieldValue]>([
    ['not set', null],
    ['bytes', { base64: 'AP8=' }],
    ['bytes among names', ['node1', { base64: 'AP8=' }]],
    ['a stranger', ['node1', 'node9']],
    ['a stranger in one value', 'node1,node9'],
    ['numbers of nodes', ['0', '1']],
    ['two kinds of separators', 'node1,node2;NODE3'],
    ['names of other objects', ['cn=node1,cn=c,o=acme', 'cn=node2,cn=d,o=acme']],
    ['with a level', ['cn=node1,cn=c,o=acme#1#0', 'cn=node2,cn=c,o=acme#2#0']],
    ['nothing', ''],
  ])('that is %s is not understood', (_, seen) => {
    expect(nodesForm(seen, known)).toBeUndefined()
  })
})

describe('a mode', () => {
  const meanings = ['auto', 'manual', 'disable'] as const
  it.each<[FieldValue, string, FieldValue]>([
    ['AUTO', 'auto', 'DISABLE'],
    ['Manual', 'manual', 'Disable'],
    ['disable', 'disable', 'disable'],
  ])('%j is the word %s', (seen, value, written) => {
    const form = modeForm(seen, { meanings })
    expect(form?.value).toBe(value)
    expect(form?.write('disable')).toBe(written)
  })

  it('is what its codes say', () => {
    const form = modeForm('1', { meanings, codes: { auto: '1', disable: '0' } })
    expect(form?.value).toBe('auto')
    expect(form?.write('disable')).toBe('0')
    expect(form?.write('manual')).toBeUndefined()
  })

  it.each<[FieldValue]>([['1'], [null], [['AUTO', 'AUTO']], [{ base64: 'AA==' }], ['AUTOMATIC']])(
    '%j is not understood without codes',
    seen => {
      expect(modeForm(seen, { meanings })).toBeUndefined()
    },
  )
})

describe('a timeout', () => {
  it('is a number of units', () => {
    expect(timeoutForm('10', 60)?.value).toBe(600)
    expect(timeoutForm('10', 60)?.write(300)).toBe('5')
    expect(timeoutForm('10', 60)?.write(90)).toBeUndefined()
  })
  it.each<[FieldValue]>([['10:00'], ['PT10M'], ['-1'], [null], [['600', '600']], ['']])(
    '%j is not understood',
    seen => {
      expect(timeoutForm(seen, 1)).toBeUndefined()
    },
  )
})
