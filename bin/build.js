// Bundles src/ and lab/ into dist/, so that a command starts without compiling.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

// What packages in CommonJS take for granted.
const commonJs = `import { createRequire as __makeRequire } from 'node:module'
import { fileURLToPath as __toPath } from 'node:url'
const require = __makeRequire(import.meta.url)
const __filename = __toPath(import.meta.url)
const __dirname = __toPath(new URL('.', import.meta.url))`

/** Writes into a directory of its own first: two commands may build at the same time. */
export const build = async () => {
  const { build: bundle } = await import('esbuild')
  const outdir = join(root, `dist.${process.pid}`)
  await bundle({
    absWorkingDir: root,
    entryPoints: {
      run: 'src/cli/main.ts',
      task: 'src/task/index.ts',
      playbook: 'src/playbook/index.ts',
      lab: 'lab/index.ts',
      'lab-daemon': 'lab/daemon.ts',
    },
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Node.js 20 reads them; as calls of RegExp they would be compiled at each start, which takes 50 ms.
    supported: { 'regexp-set-notation': true },
    // ssh2 has compiled parts for some machines, and its own JavaScript does without them; esbuild has a binary.
    external: ['cpu-features', '*.node', 'esbuild'],
    banner: { js: commonJs },
    logLevel: 'warning',
  })
  writeFileSync(join(outdir, 'stamp'), '')
  const old = join(root, `dist.old.${process.pid}`)
  try {
    renameSync(join(root, 'dist'), old)
  } catch {}
  try {
    renameSync(outdir, join(root, 'dist'))
  } catch {
    // Somebody else was faster, with the same result.
    rmSync(outdir, { recursive: true, force: true })
  }
  rmSync(old, { recursive: true, force: true })
  mkdirSync(join(root, 'dist'), { recursive: true })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build()
