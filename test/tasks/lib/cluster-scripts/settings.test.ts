// What the scripts may be told: nothing that a second evaluation would take for a command.
import { describe, expect, it } from 'vitest'
import { scriptSettings, templateValues } from '../../../../tasks/lib/cluster-scripts/settings.ts'
import { agentsOf, settingsOf, storages } from '../../../kit/cluster-scripts.ts'

const { plain, nss } = storages
const faultsOf = (storage: object, more: object = {}) =>
  scriptSettings
    .safeParse({ storage, mount_point: '/mnt/a', address: '10.88.1.100', agents: agentsOf.both, ...more })
    .error?.issues.map(({ path }) => path.join('.'))

describe('settings', () => {
  it.each([
    ['a blank', plain, { mount_point: '/mnt/two words' }, undefined],
    ['a quote in the mount point', plain, { mount_point: "/mnt/it's" }, ['mount_point']],
    ['a command in the mount point', plain, { mount_point: '/mnt/$(reboot)' }, ['mount_point']],
    ['a command in the device', { ...plain, device: '/dev/`id`' }, {}, ['storage.device']],
    ['a second line in the options', { ...plain, options: 'ro\nreboot' }, {}, ['storage.options']],
    ['two words for a group', { ...storages.lvm, group: 'a b' }, {}, ['storage.group']],
    ['a command for a service', plain, { agents: [{ service: 'x;id', process: 'x' }] }, ['agents.0.service']],
    [
      'a program’s name that the kernel cuts',
      plain,
      { agents: [{ service: 'x', process: 'a'.repeat(16) }] },
      ['agents.0.process'],
    ],
    ['a volume ID of 254', nss, { mount_point: '/media/nss/MSGVOL' }, undefined],
    ['a volume ID of 255', { ...nss, volume_id: 255 }, { mount_point: '/media/nss/MSGVOL' }, ['storage.volume_id']],
    ['no agent', plain, { agents: [] }, ['agents']],
  ])('%s', (_, storage, more, faults) => expect(faultsOf(storage, more)).toEqual(faults))
})

describe('the order of the stop', () => {
  it.each([
    ['the reverse of the start', {}, ['/etc/init.d/novell-nmaa stop', '/etc/init.d/novell-nmma stop']],
    [
      'as the manual has it',
      { stop_order: 'manual' },
      ['/etc/init.d/novell-nmma stop', '/etc/init.d/novell-nmaa stop'],
    ],
    ['units', { agents: agentsOf.units }, ['systemctl stop gwm-nmaa.service', 'systemctl stop gwm-nmma.service']],
  ])('%s', (_, more, stops) =>
    expect(templateValues(settingsOf(plain, more)).agents_to_stop.map(({ stop }) => stop)).toEqual(stops),
  )
})
