// Where the kernel grants neither namespaces nor another root, the lab says so within a second, and what to grant.
import { expect, it } from 'vitest'
import { exitCodes } from '../../src/model/problem.ts'
import { atThisPace } from '../kit/pace.ts'
import { confined, whyNotConfined } from './confined.ts'
import { asNobody, callUnder, isRoot, scratchDir } from './scratch-lab.ts'

/** A user namespace in which no further namespace of a kind may be made; the setting is its own. */
const without = (...kinds: readonly string[]): readonly string[] => [
  ...['unshare', '--user', '--map-root-user', '--', 'sh', '-c'],
  `${kinds.map(kind => `echo 0 >/proc/sys/user/max_${kind}_namespaces && `).join('')} exec "$0" "$@"`,
]

type Lane = readonly [kinds: string, before: readonly string[], help: string | RegExp]

const upUnder = (before: readonly string[]): Promise<unknown> =>
  callUnder(before, 'labUp', { dir: scratchDir(), daemonFile: '/nowhere' })

/** Who is not root, where the kernel grants no user namespace. */
const anybody: readonly Lane[] =
  whyNotConfined() === undefined
    ? [['any', [...confined('/'), ...asNobody], /^(sudo env "PATH=\$PATH"|\w+ exec -it --user root .*) run lab up$/]]
    : []

it.each<Lane>([
  ['user and mount', without('user', 'mnt'), 'sudo sysctl -w user.max_user_namespaces=15000'],
  ['network', without('net'), /--privileged/],
  ...anybody,
])('no %s namespaces', async (_kinds, before, help) => {
  const start = performance.now()
  await expect(upUnder(before)).rejects.toMatchObject({
    fields: {
      code: 'lab-namespaces-refused',
      seen: expect.stringMatching(/unshare[\s\S]*without namespaces: (make a device|change the root)/),
      exit: exitCodes.input,
      help: expect.stringMatching(help),
    },
  })
  expect(performance.now() - start).toBeLessThan(atThisPace(5_000))
})

it.skipIf(!isRoot)('a missing program is told by its package', async () => {
  const hidden = ['unshare', '--mount', '--', 'sh', '-c', 'mount --bind /dev/null "$(command -v ip)"; exec "$0" "$@"']
  await expect(upUnder(hidden)).rejects.toMatchObject({
    fields: { code: 'lab-programs-missing', help: 'apt-get install iproute2' },
  })
})
