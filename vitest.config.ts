// Three lanes, one after the other: `unit` needs nothing but Node.js; `lab` a kernel that grants namespaces; `ansible`
// that too, and ansible-core.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const alias = { '#task': here('./src/task/index.ts'), '#playbook': here('./src/playbook/index.ts') }

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/lab/**', 'test/ansible/**'],
          globalSetup: ['test/kit/own-place.ts'],
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'ansible',
          include: ['test/ansible/**/*.test.ts'],
          globalSetup: ['test/kit/own-place.ts', 'test/lab/e2e/build-once.ts'],
          sequence: { groupOrder: 2 },
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          globalSetup: ['test/kit/own-place.ts', 'test/lab/e2e/build-once.ts'],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          // Real daemons, sockets and clocks on a machine that others use too: once more before it counts as wrong.
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
