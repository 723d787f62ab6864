// The lanes of the tests. `npm test` has three, side by side, and ends within five minutes on two processors: `unit` needs
// nothing but Node.js, `command` starts the built command, `lab` needs a kernel that grants namespaces. `npm run
// test:long` has the rest: faults, tables and whole playbooks in labs (`long`), and then, with the machine to itself,
// since ansible-core takes all of it, what Ansible has too (`ansible`, which needs ansible-core).
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LabFirst } from './test/kit/lab-first.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const alias = { '#task': here('./src/task/index.ts'), '#playbook': here('./src/playbook/index.ts') }

/** The files of the lab mostly wait for daemons and clocks, so two of them leave a processor to the others. */
const maxWorkers = 5

/** What takes a cluster for a minute or more. */
const long = [
  ...['cases', 'crash', 'e2e/canary', 'faults', 'gate', 'pages'].map(folder => `test/lab/${folder}/**/*.test.ts`),
  ...[
    'cluster',
    'drill',
    'failing-node',
    'lanes',
    'locks',
    'paths',
    'plan',
    'proof',
    'strangers',
    'undo',
    'variants',
    'verify',
  ].map(name => `test/lab/e2e/${name}.test.ts`),
  'test/lab/cluster-scripts.test.ts',
]

export default defineConfig({
  test: {
    globalSetup: ['test/kit/own-place.ts', 'test/kit/namespaces.ts', 'test/lab/e2e/build-once.ts'],
    sequence: { sequencer: LabFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/lab/**', 'test/ansible/**', 'test/cli/**', 'test/package/**'],
          maxWorkers,
          // What is imported is kept from file to file, which halves the work; so no file leaves anything in a module.
          isolate: false,
          // Long enough for a machine that does much else: what hangs is found, what is slow is not refused.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'command',
          include: ['test/cli/**/*.test.ts'],
          maxWorkers,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve: { alias },
        test: { name: 'ansible', include: ['test/ansible/**/*.test.ts'], maxWorkers },
      },
      {
        resolve: { alias },
        test: {
          name: 'lab',
          runner: here('test/kit/lane-runner.ts'),
          include: ['test/lab/**/*.test.ts'],
          exclude: long,
          maxWorkers,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'long',
          runner: here('test/kit/lane-runner.ts'),
          include: [...long, 'test/package/**/*.test.ts'],
          maxWorkers,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
