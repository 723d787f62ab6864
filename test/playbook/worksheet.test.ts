// What the worksheet of the shipped playbooks refuses, in its own words.
import { describe, expect, it } from 'vitest'
import worksheet from '../../playbooks/worksheets/messenger.ts'

const messagesFor = (key: string, value: unknown): readonly string[] => {
  const { error } = worksheet.safeParse({ [key]: value })
  return (error?.issues ?? []).filter(({ path }) => path[0] === key).map(({ message }) => message)
}

const two = [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }]

describe('the worksheet', () => {
  it.each([
    ['partition', 'one partition: a second partition, such as one for the archive, is not supported'],
    ['secondary_address', 'one secondary address: a second partition, such as one for the archive, is not supported'],
  ])('has one %s, and refuses two by name', (key, message) => expect(messagesFor(key, two)).toEqual([message]))

  it.each(['MSG-R', 'a b', '', 'x'.repeat(64), 'MSGR;reboot'])('has no cluster resource called %j', name =>
    expect(messagesFor('cluster_resource', name)).toEqual(['at most 63 letters, digits and _']),
  )

  it.each([-1, 255, 1.5])('has no NSS volume with the ID %j', volume_id => {
    const nss = { kind: 'nss', device: '/dev/x', fstype: 'nssvol', group: 'POOL', volume: 'VOL', volume_id }
    expect(messagesFor('partition', nss)).toHaveLength(1)
  })

  it.each(['group', 'volume', 'volume_id'])('has no NSS partition without its %s', missing => {
    const nss = { kind: 'nss', device: '/dev/x', fstype: 'nssvol', group: 'POOL', volume: 'VOL', volume_id: 254 }
    expect(messagesFor('partition', nss)).toEqual([])
    expect(messagesFor('partition', { ...nss, [missing]: undefined })).toHaveLength(1)
  })

  it('takes units in the place of init scripts', () => {
    const units = { messaging: 'gwm-nmma.service', archive: 'gwm-nmaa.service' }
    expect(messagesFor('agent_services', units)).toEqual([])
    expect(messagesFor('agent_services', { messaging: '../evil' })).toHaveLength(1)
  })
})
