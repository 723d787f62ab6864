// Where the kernel refuses namespaces, the lab says so within a second, and what to grant.
import { expect, it } from 'vitest'
import { atThisPace } from '../kit/pace.ts'
import { callUnder, isRoot, scratchDir } from './scratch-lab.ts'

/** A user namespace in which no further namespace of a kind may be made; the setting is its own. */
const without = (...kinds: readonly string[]): readonly string[] => [
  ...['unshare', '--user', '--map-root-user', '--', 'sh', '-c'],
  `${kinds.map(kind => `echo 0 >/proc/sys/user/max_${kind}_namespaces && `).join('')} exec "$0" "$@"`,
]

const upUnder = (before: readonly string[]): Promise<unknown> =>
  callUnder(before, 'labUp', { dir: scratchDir(), daemonFile: '/nowhere' })

it.each([
  ['user and mount', without('user', 'mnt'), 'sudo sysctl -w user.max_user_namespaces=15000'],
  ['network', without('net'), /privileged|CAP_SYS_ADMIN/],
])('no %s namespaces', async (_kinds, before, help) => {
  const start = performance.now()
  await expect(upUnder(before)).rejects.toMatchObject({
    fields: {
      code: 'lab-namespaces-refused',
      seen: expect.stringContaining('unshare'),
      help: expect.stringMatching(help),
    },
  })
  expect(performance.now() - start).toBeLessThan(atThisPace(1_000))
})

it.skipIf(!isRoot)('a missing program is told by its package', async () => {
  const hidden = ['unshare', '--mount', '--', 'sh', '-c', 'mount --bind /dev/null "$(command -v ip)"; exec "$0" "$@"']
  await expect(upUnder(hidden)).rejects.toMatchObject({
    fields: { code: 'lab-programs-missing', help: 'apt-get install iproute2' },
  })
})
