// Lines that are pasted into an inventory are YAML that says what was meant, whatever is in them.
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { type FragmentLine, inventoryFragment } from '../../src/inventory/fragment.ts'

const line = (path: string, value: FragmentLine['value'], more: Partial<FragmentLine> = {}): FragmentLine => ({
  path: path.split('.'),
  value,
  because: 'seen',
  ...more,
})

it('stand where the inventory has them, each behind where it is from', () =>
  expect(
    inventoryFragment([
      line('agents_uid', 1010),
      line('partition.fstype', 'ext3'),
      line('ansible_legacy_algorithms', true, { host: 'oes1' }),
    ]),
  ).toBe(
    `all:
  vars:
    # seen
    agents_uid: 1010
    partition:
      # seen
      fstype: ext3
  hosts:
    oes1:
      # seen
      ansible_legacy_algorithms: true
`,
  ))

it.each([
  ['0644'],
  ['yes'],
  ['a: b # c'],
  ['"'],
  [' two\nlines '],
  [{ object: 'cn=a,o=b', attribute: 'x' }],
  [['a', 'b']],
])('say %j as it is', value =>
  expect(parse(inventoryFragment([line('x', value)]))).toEqual({ all: { vars: { x: value } } }),
)

it('that a person has to settle are comments, which are the same YAML once they are none', () => {
  const text = inventoryFragment([line('codes.auto', '1', { isForAPerson: true, because: 'is it\nauto?' })])
  expect(parse(text)).toBeNull()
  const [, ...rest] = text.split('\n')
  expect(parse(rest.map(each => each.replace(/^# /, '')).join('\n'))).toEqual({
    all: { vars: { codes: { auto: '1' } } },
  })
})

it('are nothing where there is none', () => expect(inventoryFragment([])).toBe(''))
