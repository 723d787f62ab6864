// For esbuild: what zx would start programs with is not there in a bundle, so nothing that goes wrong around it carries a
// command for a node out on this machine.

const refusing = `
const refuse = () => { throw new TypeError('zx starts nothing on this machine') }
module.exports = { exec: refuse, spawn: refuse, spawnSync: refuse }
`

export const zxStartsNothing = {
  name: 'zx-starts-nothing',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^(node:)?child_process$/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]zx[\\/]/.test(importer) ? { path, namespace: 'refusing' } : null,
    )
    onLoad({ filter: /^/, namespace: 'refusing' }, () => ({ contents: refusing }))
  },
}
