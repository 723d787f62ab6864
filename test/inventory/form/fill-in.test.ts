// The course of the form on the shipped worksheet: what is asked, what is offered, the way back, leaving and going on.
import { expect, it } from 'vitest'
import worksheet from '../../../playbooks/worksheets/messenger.ts'
import { type AskedFor, type Form, fillIn, type Reply } from '../../../src/inventory/form/fill-in.ts'
import type { Json } from '../../../src/model/json.ts'
import { messengerAnswers } from './messenger-answers.ts'

type Script = (asked: AskedFor, turn: number) => Reply | string

const filled = async (script: Script, more: Partial<Form> = {}) => {
  const asked: AskedFor[] = []
  const kept: string[] = []
  const answers = await fillIn({
    worksheet,
    answers: new Map(),
    found: new Map(),
    keep: (_, next) => void kept.push(next),
    async ask(each) {
      asked.push(each)
      if (asked.length > 200) throw new Error(`asked for ever: ${each.field.key}`)
      const reply = script(each, asked.length)
      return typeof reply === 'string' ? { type: 'typed', text: reply } : reply
    },
    ...more,
  })
  return { answers: answers && Object.fromEntries(answers), keys: asked.map(({ field }) => field.key), asked, kept }
}

const answers: Readonly<Record<string, string>> = messengerAnswers
const usual: Script = ({ field: { key } }) => answers[key] ?? ''
const otherwise =
  (others: Readonly<Record<string, string>>): Script =>
  ({ field: { key } }) =>
    others[key] ?? answers[key] ?? ''

it('asks for each value once, and takes what YAML would', async () => {
  const { answers, keys } = await filled(usual)
  expect(new Set(keys).size).toBe(keys.length)
  expect(answers).toMatchObject({
    failover_list: ['oes1', 'oes2'],
    'secondary_address.prefix': 24,
    archive_agent: true,
    'messenger.user_password': { secret: 'env:LDAP_PASSWORD' },
    ansible_user: 'root',
  })
})

it.each<[string, Record<string, string>, string[], string[]]>([
  ['a plain volume', { 'partition.kind': 'plain' }, [], ['partition.group', 'partition.volume', 'ansible_become']],
  [
    'NSS',
    { 'partition.kind': 'nss', 'partition.volume': 'MSGVOL', 'partition.volume_id': '254' },
    ['partition.volume', 'partition.volume_id'],
    [],
  ],
  [
    'a user with sudo',
    { ansible_user: 'admin' },
    ['ansible_become', 'ansible_become_method', 'ansible_become_password'],
    [],
  ],
  [
    'TLS',
    { 'messenger.tls_certificate': '/c', 'messenger.tls_key': '/k' },
    ['messenger.tls_key', 'messenger.tls_key_password'],
    [],
  ],
  ['root', { agents_user: 'root' }, [], ['agents_uid']],
  [
    'a directory',
    { 'ldap_directory.address': 'ldap', 'ldap_directory.user': 'cn=admin', 'ldap_directory.password': 'ask' },
    ['ldap_directory.user', 'ldap_directory.encryption'],
    [],
  ],
])('asks beside %s for what it needs, and for nothing else', async (_, others, there, absent) => {
  const { keys } = await filled(otherwise(others))
  expect(keys).toEqual(expect.arrayContaining(there))
  expect(keys.filter(key => absent.includes(key))).toEqual([])
})

it('asks once more for what does not go with the others, and says why', async () => {
  const { asked, answers } = await filled(({ field, fault }) =>
    field.key === 'partition.group' ? (fault ? 'shared' : '-') : (usual({ field } as AskedFor, 0) as string),
  )
  expect(asked.filter(({ fault }) => fault).map(({ field, fault }) => [field.key, fault])).toEqual([
    ['partition.group', 'must be what has to be activated before the mount'],
  ])
  expect(answers).toMatchObject({ 'partition.group': 'shared' })
})

it('goes back to the value before, and drops what means nothing any more', async () => {
  const { keys, answers } = await filled((asked, turn) => {
    if (asked.field.key === 'mount_point' && turn < 15) return { type: 'back' }
    if (asked.field.key === 'partition.group' && turn > 9 && turn < 15) return { type: 'back' }
    if (asked.field.key === 'partition.fstype' && turn > 9 && turn < 15) return { type: 'back' }
    if (asked.field.key === 'partition.device' && turn > 9 && turn < 15) return { type: 'back' }
    if (asked.field.key === 'partition.kind' && turn > 9) return 'plain'
    return usual(asked, turn)
  })
  expect(keys.filter(key => key === 'partition.kind')).toHaveLength(2)
  expect(answers).toMatchObject({ 'partition.kind': 'plain' })
  expect(answers).not.toHaveProperty(['partition.group'])
})

it('can be left, and goes on with the value that was next', async () => {
  const first = await filled((asked, turn) =>
    asked.field.key === 'mount_point' ? { type: 'left' } : usual(asked, turn),
  )
  expect(first.answers).toBeUndefined()
  expect(first.kept.at(-1)).toBe('mount_point')
  const again = await filled(usual, { next: 'mount_point' })
  expect(again.keys[0]).toBe('mount_point')
  expect((await filled(usual, { next: 'the end' })).keys).toEqual([])
})

it('offers what was answered, then what was found, then what is usual', async () => {
  const found = new Map([['partition.fstype', { value: 'xfs' as Json, because: 'the doctor: seen' }]])
  const offers = async (answered: Record<string, Json>) => {
    const { asked } = await filled(usual, { found, answers: new Map(Object.entries(answered)) })
    return Object.fromEntries(asked.flatMap(({ field, offer }) => (offer ? [[field.key, offer]] : [])))
  }
  expect(await offers({})).toMatchObject({
    'partition.fstype': { value: 'xfs', because: 'the doctor: seen' },
    ansible_user: { value: 'root', because: 'usual' },
  })
  expect(await offers({ 'partition.fstype': 'ext4' })).toMatchObject({ 'partition.fstype': { value: 'ext4' } })
})
