// The lab as a package would hold it, bundled from what stands in lab/ now: dist/ with its daemon, and the vendor's files.
import { chmodSync, cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, buildSync } from 'esbuild'

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Calls one function of lab/index.ts with the arguments on its command line, and prints what it gives. */
const call = `import * as lab from ${JSON.stringify(here('lab/index.ts'))}
const [word, ...args] = process.argv.slice(2)
lab[word](...args.map(text => JSON.parse(text))).then(
  answer => console.log(JSON.stringify({ answer })),
  error => console.log(JSON.stringify({ problem: error.fields ?? { code: 'bug', summary: String(error.stack) } })),
)`

export type Bundle = {
  readonly root: string
  readonly daemonFile: string
  readonly callFile: string
}

/** Anybody may read it, also a user who may not read the checkout. */
export const bundleLab = (): Bundle => {
  const root = mkdtempSync(`${tmpdir()}/run-lab-bundle-`)
  const bundle = { root, daemonFile: `${root}/dist/lab-daemon.mjs`, callFile: `${root}/dist/call.mjs` }
  chmodSync(root, 0o755)
  cpSync(here('lab/vendor/root'), `${root}/lab/vendor/root`, { recursive: true })
  buildSync({ ...options, entryPoints: [here('lab/daemon.ts')], outfile: bundle.daemonFile })
  buildSync({ ...options, stdin: { contents: call, resolveDir: here('.') }, outfile: bundle.callFile })
  return bundle
}

const options: BuildOptions = {
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
}
