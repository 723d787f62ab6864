// What the form writes is an inventory that passes the check of every run, and says what each value is for.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import worksheet from '../../../playbooks/worksheets/messenger.ts'
import { faultsOf, openSecrets } from '../../../src/cli/worksheet/faults-of.ts'
import { assertChangeable } from '../../../src/cli/worksheet/fill-sheet.ts'
import { changedInventory } from '../../../src/inventory/form/change-inventory.ts'
import { checkAnswer } from '../../../src/inventory/form/check-answer.ts'
import { type Answers, fieldsFor } from '../../../src/inventory/form/field.ts'
import { answersIn } from '../../../src/inventory/form/read-answers.ts'
import { newInventory } from '../../../src/inventory/form/write-inventory.ts'
import type { Json } from '../../../src/model/json.ts'
import { reveal } from '../../../src/model/secret.ts'
import { messengerAnswers } from './messenger-answers.ts'

const answered = (typed: Readonly<Record<string, string>>): Answers => {
  const nodes = new Map<string, Json>([['failover_list', ['oes1', 'oes2']]])
  return new Map(
    fieldsFor(worksheet, nodes).flatMap(field => {
      const text = typed[field.key]
      const checked = text === undefined ? undefined : checkAnswer(field, text)
      return checked?.type === 'value' ? [[field.key, checked.value] as const] : []
    }),
  )
}
const answers = answered(messengerAnswers)
const write = (all: Answers) => newInventory({ fields: fieldsFor(worksheet, all), answers: all, head: ['Ours.'] })
const summaries = (text: string) => faultsOf({ file: 'site.yml', text }, worksheet).map(({ message }) => message)

describe('a new inventory', () => {
  it('has no fault, and gives the same answers', () => {
    expect(summaries(write(answers))).toEqual([])
    expect(answersIn(write(answers), worksheet)).toEqual(answers)
  })

  it('says what each value is for, what it may be, and where the manual speaks of it', () => {
    expect(write(answers)).toContain(
      `    # the cluster resource that owns the partition, as \`cluster resources\` names it (at most 63 letters,
    # digits and _; manual 11.2.3 load script, 4)
    cluster_resource: MESSENGER
`,
    )
    expect(write(answers)).toMatch(/^# Ours\.\n\ncluster:\n/)
  })

  it('has what is left out as a comment, which is a value once its sign is gone', () => {
    const text = write(answers)
    expect(text).toContain('      #options: "noatime,nodiratime"\n')
    expect(
      answersIn(text.replace('#options: "noatime', 'options: "ro,noatime'), worksheet).get('partition.options'),
    ).toBe('ro,noatime,nodiratime')
    const scripts = text
      .replace('    #cluster_scripts:', '    cluster_scripts:')
      .replace('#stop_wait: 8', 'stop_wait: 9')
    expect(summaries(scripts)).toEqual([])
    expect(answersIn(scripts, worksheet).get('cluster_scripts.stop_wait')).toBe(9)
  })

  it('that is blank has each needed name, and the check finds each of them', () => {
    const blank = write(new Map())
    expect(blank).toMatch(/^ {2}hosts:$/m)
    const named = blank
      .replace(/^ {2}hosts:$/m, '  hosts: { oes1: }')
      .replace('failover_list:', 'failover_list: [oes1]')
    expect(summaries(named)).toEqual(
      expect.arrayContaining(['`mount_point` must be a text', '`partition.kind` must be nss, lvm, evms or plain']),
    )
  })

  it.each([['a: b # c'], ["'"], ['"{{"'], ['yes'], ['-'], ['ünï\tx']])('holds %j as it was typed', value => {
    const all = new Map([...answers, ['messenger.tree', value as Json]])
    expect(answersIn(write(all), worksheet).get('messenger.tree')).toBe(value)
  })
})

describe('an inventory that is there', () => {
  const text = `# mine
provider: lab
cluster: { name: acme-cluster, failover_list: [oes1, oes2] }
all:
  hosts: { oes1:, oes2: }
  vars:
    mine: 1 # stays
    mount_point: /mnt/messenger
`

  it('keeps its comments, its order and what nobody asks for', () => {
    const changed = changedInventory({ fields: fieldsFor(worksheet, answers), answers }, text)
    expect(changed).toContain('# mine\nprovider: lab\n')
    expect(changed).toContain('    mine: 1 # stays\n    mount_point: /mnt/messenger\n')
    expect(answersIn(changed, worksheet)).toEqual(answers)
  })

  it('is the same, byte by byte, where every answer stands there', () => {
    const there = answersIn(text, worksheet)
    expect(changedInventory({ fields: fieldsFor(worksheet, there), answers: there }, text)).toBe(text)
  })

  const change = (before: string, to: Readonly<Record<string, Json | undefined>>) => {
    const there = answersIn(before, worksheet)
    const all = new Map(there)
    for (const [key, value] of Object.entries(to)) value === undefined ? all.delete(key) : all.set(key, value)
    return changedInventory({ fields: fieldsFor(worksheet, all), answers: all }, before)
  }

  it.each<[string, string, Record<string, Json | undefined>, string]>([
    [
      'a value',
      'a: 1\nall:\n  vars:\n    mount_point: "/m" # c\n',
      { mount_point: '/n' },
      'a: 1\nall:\n  vars:\n    mount_point: /n # c\n',
    ],
    [
      'no value',
      'all:\n  vars:\n    mount_point: # c\n',
      { mount_point: '/n' },
      'all:\n  vars:\n    mount_point: /n # c\n',
    ],
    [
      'a new name',
      'all:\n  vars:\n    # c\n    x: 1\n# end\n',
      { mount_point: '/n' },
      'all:\n  vars:\n    # c\n    x: 1\n    mount_point: /n\n# end\n',
    ],
    [
      'new names in one another',
      'all:\n  vars:\n    x: 1',
      { 'partition.kind': 'lvm' },
      'all:\n  vars:\n    x: 1\n    partition:\n      kind: lvm\n',
    ],
    [
      'a name in braces',
      'all: { vars: { x: 1 } }\n',
      { mount_point: '/n' },
      'all: { vars: { x: 1, mount_point: /n } }\n',
    ],
    ['a name in empty braces', 'all: {}\n', { mount_point: '/n' }, 'all: { vars: { mount_point: /n } }\n'],
    [
      'a value in braces',
      'all: { vars: { mount_point: /m, x: 1 } }\n',
      { mount_point: '/n' },
      'all: { vars: { mount_point: /n, x: 1 } }\n',
    ],
    [
      'a list',
      'cluster:\n  failover_list:\n    - a\n    - b\n  name: c\nall:\n',
      { failover_list: ['b', 'a'] },
      'cluster:\n  failover_list: [ b, a ]\n  name: c\nall:\n',
    ],
    [
      'a value that goes',
      'all:\n  vars:\n    mount_point: /m\n    x: 1\n',
      { mount_point: undefined },
      'all:\n  vars:\n    x: 1\n',
    ],
    [
      'one that goes from braces',
      'all: { vars: { x: 1, mount_point: /m } }\n',
      { mount_point: undefined },
      'all: { vars: { x: 1 } }\n',
    ],
    [
      'the first that goes from braces',
      'all: { vars: { mount_point: /m, x: 1 } }\n',
      { mount_point: undefined },
      'all: { vars: { x: 1 } }\n',
    ],
  ])('changes %s, and nothing else', (_, before, to, after) => expect(change(before, to)).toBe(after))

  it.each<[string, string, Record<string, Json | undefined>, string]>([
    [
      'below an alias',
      'x: &c { extra: 1, mount_point: /m }\nall: { vars: *c }\n',
      { mount_point: '/n' },
      '`*c` stands for what is written elsewhere',
    ],
    [
      'away from below an alias',
      'x: &c { extra: 1, mount_point: /m }\nall: { vars: *c }\n',
      { mount_point: undefined },
      '`*c` stands for what is written elsewhere',
    ],
    [
      'where an alias uses it too',
      'all: { vars: { mount_point: &m /m, mine: *m } }\n',
      { mount_point: '/n' },
      'a change of what was answered would change it as well',
    ],
    [
      'into a mapping that an alias uses too',
      'all: { vars: { partition: &p { kind: lvm }, mine: *p } }\n',
      { 'partition.kind': 'plain' },
      'a change of what was answered would change it as well',
    ],
  ])('puts nothing %s', (_, before, to, seen) => {
    expect(() => change(before, to)).toThrow(
      expect.objectContaining({ code: 'inventory-shared', fields: expect.objectContaining({ seen }) }),
    )
  })

  it.each<[string, string, Record<string, Json | undefined>, string]>([
    [
      'a value behind an alias that is as answered',
      'x: &c { extra: 1, mount_point: /m }\nall: { vars: *c }\n',
      { mount_point: '/m' },
      'x: &c { extra: 1, mount_point: /m }\nall: { vars: *c }\n',
    ],
    [
      'an alias, to a value of its own',
      'all: { vars: { mine: &m /m, mount_point: *m } }\n',
      { mount_point: '/n' },
      'all: { vars: { mine: &m /m, mount_point: /n } }\n',
    ],
  ])('has %s', (_, before, to, after) => expect(change(before, to)).toBe(after))

  it('of one line in braces becomes lines, where many values come', () => {
    const short =
      'provider: lab\nall: { hosts: { oes1:, oes2: } }\ncluster: { name: acme-cluster, failover_list: [oes1, oes2] }\n'
    const changed = changedInventory({ fields: fieldsFor(worksheet, answers), answers }, short)
    expect(changed).toContain('provider: lab\nall:\n  hosts:\n    oes1:')
    expect(changed).toContain('\n  vars:')
    expect(answersIn(changed, worksheet)).toEqual(answers)
  })
})

it('the secrets that stand in an inventory in the open are known, so that no difference shows them', () => {
  const text = `all:
  hosts: { oes1: }
  vars:
    ansible_password: Kanarienvogel-1
    messenger: { user_password: Kanarienvogel-2, tls_key_password: { secret: env:NAME } }
`
  expect(openSecrets({ file: 'site.yml', text }).map(reveal).toSorted()).toEqual(['Kanarienvogel-1', 'Kanarienvogel-2'])
})

it.each([
  ['$ANSIBLE_VAULT;1.1;AES256\n6162\n', 'file-encrypted'],
  ['[nodes]\noes1\n', 'yaml-broken'],
  ['- oes1\n', 'inventory-no-mapping'],
  ['all: [\n', 'yaml'],
])('values are put into a mapping alone: %j is refused', (text, code) => {
  expect(() => assertChangeable(text, 'site.yml')).toThrow(
    expect.objectContaining({ code: expect.stringContaining(code) }),
  )
})

it('what every inventory has is told in the words of its worksheet', () => {
  const beside = { failover_list: { description: 'who works', source: 'page 7' }, ldap_directory: { source: 'page 8' } }
  const fields = fieldsFor(z.looseObject({}).meta({ beside }), new Map())
  const told = (key: string) => fields.find(field => field.key === key)
  expect(told('failover_list')).toMatchObject({ about: 'who works', source: 'page 7' })
  expect(told('ldap_directory.address')).toMatchObject({ source: 'page 8', about: expect.stringContaining('LDAP') })
  expect(told('cluster.name')).not.toHaveProperty('source')
  expect(fields.map(({ about, source = '' }) => about + source).join()).not.toMatch(/agent|messenger|\d\d\.\d/i)
})
