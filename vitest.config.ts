// Two lanes: `unit` needs nothing but Node.js; `lab` needs a kernel that grants namespaces.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const alias = { '#task': here('./src/task/index.ts'), '#playbook': here('./src/playbook/index.ts') }

export default defineConfig({
  test: {
    // Tests of what a lab leaves behind look at the whole machine, so no two files of labs go side by side.
    maxWorkers: 1,
    projects: [
      {
        resolve: { alias },
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/lab/**'], testTimeout: 30_000 },
      },
      {
        resolve: { alias },
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          globalSetup: ['test/lab/e2e/build-once.ts'],
          // Real daemons, sockets and clocks on a machine that others use too: once more before it counts as wrong.
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
