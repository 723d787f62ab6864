// Where an NSS volume may be mounted: the generated script knows one place, one that stands there any.
import { expect, it } from 'vitest'
import type { Composing } from '../../../../tasks/lib/cluster-scripts/compose.ts'
import { scriptSettings } from '../../../../tasks/lib/cluster-scripts/settings.ts'
import { isMountedSo } from '../../../../tasks/lib/cluster-scripts/wanted.ts'
import { agentsOf, storages } from '../../../kit/cluster-scripts.ts'

it.each<[keyof typeof storages, string, Composing | undefined, boolean]>([
  ['nss', '/media/nss/MSGVOL', 'replace', true],
  ['nss', '/mnt/messenger', 'replace', false],
  ['nss', '/mnt/messenger', 'insert', true],
  ['nss', '/mnt/messenger', undefined, true],
  ['plain', '/mnt/messenger', 'replace', true],
])('%s at %s, with scripts to %s: %s', (storage, mount_point, compose, isRight) => {
  const given = { storage: storages[storage], mount_point, address: '10.88.1.100', agents: agentsOf.both }
  expect(isMountedSo({ settings: scriptSettings.parse(given), compose })).toBe(isRight)
})
