// Who is measured beside whom, and how each of them is started.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Hosts, Way } from './hosts.ts'

/** In the order of a round: each finds the hosts as the one before left them; `check` only looks. */
export const errands = ['first run', 'second run', 'check'] as const

export type Errand = (typeof errands)[number]

export type Contender = {
  readonly name: string
  /** Of as many hosts it is measured at most: near, and with a delay. */
  readonly most: { readonly near: number; readonly far: number }
  readonly isSlow: boolean
  start(errand: Errand, use: Use): Started
}

type Use = { readonly hosts: Hosts; readonly way: Way }

export type Started = { readonly words: readonly string[]; readonly env: Readonly<Record<string, string>> }

const run: Contender = {
  name: '`run`',
  most: { near: 100, far: 100 },
  isSlow: false,
  start: (errand, { hosts: { run, playbook }, way: { inventory } }) => ({
    words: [
      ...run,
      ...['playbook', playbook, '-i', inventory, '--forks', '100'],
      errand === 'check' ? '--dry-run' : '--yes',
    ],
    env: {},
  }),
}

/** A look is what it does when all is there; it has no dry run. */
const floor: Contender = {
  name: 'floor',
  most: { near: 100, far: 100 },
  isSlow: false,
  start: (_, { hosts, way }) => ({ words: hosts.byFloor(way), env: {} }),
}

type Named = Pick<Contender, 'name' | 'most'> & { readonly env: Readonly<Record<string, string>> }

/** No facts are gathered, so that nothing else than the steps is measured; which services there are is told. */
const ansible = ({ name, most, env }: Named): Contender => ({
  name,
  most,
  isSlow: true,
  start: (errand, { hosts: { dir, playbook }, way: { inventory } }) => ({
    words: [
      'ansible-playbook',
      ...['-i', inventory, playbook, '-e', '{"ansible_facts": {"service_mgr": "service"}}'],
      ...(errand === 'check' ? ['--check'] : []),
    ],
    env: {
      ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
      ANSIBLE_SSH_ARGS: `-o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=${dir}/.ssh/known_hosts`,
      ANSIBLE_SSH_CONTROL_PATH_DIR: join(dir, 'masters'),
      ...env,
    },
  }),
})

/** Each alone takes minutes with more. */
export const contenders = (): readonly Contender[] => [
  run,
  floor,
  ...(existsSync('/usr/bin/ansible-playbook')
    ? [
        ansible({ name: 'Ansible', most: { near: 10, far: 3 }, env: {} }),
        ansible({ name: 'Ansible, pipelining, 50 forks', most: { near: 32, far: 3 }, env: pipelined }),
      ]
    : []),
  ...(existsSync(mitogen)
    ? [ansible({ name: 'Ansible with Mitogen', most: { near: 32, far: 3 }, env: withMitogen })]
    : []),
]

const pipelined = { ANSIBLE_PIPELINING: '1', ANSIBLE_FORKS: '50' }

const mitogen = '/usr/lib/python3/dist-packages/ansible/plugins/strategy/mitogen_linear.py'

/** With more forks than usual it takes longer. */
const withMitogen = { ANSIBLE_STRATEGY: 'mitogen_linear' }
