// The command of `bench/lint/`: bundles it first, since Node.js 20 reads no TypeScript.
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
// Below the root, where it finds the packages.
const outfile = join(root, '.run', 'bench', 'lint.mjs')

await build({
  entryPoints: [join(root, 'bench', 'lint', 'main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
})
await (await import(pathToFileURL(outfile).href)).main(root)
