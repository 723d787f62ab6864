// The daemon of the lab as one file, bundled anew for each test file from what stands in lab/ now.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const source = fileURLToPath(new URL('../../lab/daemon.ts', import.meta.url))

export const bundleDaemon = (): string => {
  const outfile = `${mkdtempSync(`${tmpdir()}/run-lab-daemon-`)}/lab-daemon.mjs`
  buildSync({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    loader: { '.node': 'empty' },
    external: ['cpu-features'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;",
    },
    logLevel: 'error',
  })
  return outfile
}
