// For esbuild: what takes long to load and is needed seldom, or not before the first connection, is loaded with the
// first call of one of its functions. What imports a name that is not here breaks the build; what looks names up itself in
// all that a module exports has only those that are here.

/** Tables of characters take 15 ms to load, the others 1 to 3 each. */
const late = {
  'string-width': ['default'],
  // And not zx: what is told to one that stands in its place never comes to it, and it would start commands here.
  './zx-elsewhere.ts': ['callZx'],
  './from-json-schema.js': ['fromJSONSchema'],
  crypto: ['randomUUID'],
  'node:crypto': [
    'createCipheriv',
    'createDecipheriv',
    'createHash',
    'createHmac',
    'createPrivateKey',
    'pbkdf2Sync',
    'randomBytes',
    'randomUUID',
    'scryptSync',
    'timingSafeEqual',
    'X509Certificate',
  ],
  'node:module': ['createRequire'],
  'node:child_process': ['spawn', 'spawnSync'],
  'node:readline': ['clearScreenDown', 'createInterface', 'moveCursor'],
  'node:readline/promises': ['createInterface'],
}

/** Of these they take more than functions, and they are loaded late themselves. */
const takesAll = /[\\/]node_modules[\\/](zx|ssh2|node-ssh)[\\/]/

export const loadedLate = {
  name: 'loaded-late',
  setup: ({ initialOptions, onLoad, onResolve }) => {
    // `all.execFile` of an `import * as all` would be nothing, and esbuild says no more than that it is.
    initialOptions.logOverride = { ...initialOptions.logOverride, 'import-is-undefined': 'error' }
    onResolve({ filter: /^[^.]|from-json-schema|zx-elsewhere/ }, ({ path, kind, namespace, importer, resolveDir }) =>
      namespace in contents || !Object.hasOwn(late, path) || takesAll.test(importer)
        ? null
        : { path, namespace: kind === 'require-call' ? 'late-whole' : 'late', pluginData: resolveDir },
    )
    for (const [namespace, textOf] of Object.entries(contents))
      onLoad({ filter: /^/, namespace }, ({ path, pluginData }) => ({ contents: textOf(path), resolveDir: pluginData }))
  },
}

const contents = {
  /** A name that is imported and is not here breaks the build. */
  late: path => ['let all', ...late[path].map(name => lateFunction(name, path))].join('\n'),
  /** Nobody tells which names are read of what is required: each is there, also for who asks which there are. */
  'late-whole': path => `let loaded
    const all = () => (loaded ??= require('${path}'))
    module.exports = new Proxy({}, {
      get: (_, name) => all()[name],
      has: (_, name) => name in all(),
      ownKeys: () => Reflect.ownKeys(all()),
      getOwnPropertyDescriptor: (_, name) => {
        const described = Reflect.getOwnPropertyDescriptor(all(), name)
        return described && { ...described, configurable: true }
      },
    })`,
}

const lateFunction = (name, path) => {
  const own = name === 'default' ? 'export default' : `export const ${name} =`
  const all = `(all ??= require('${path}'))`
  return /^[A-Z]/.test(name)
    ? `export class ${name} {
        constructor(...words) { return new ${all}.${name}(...words) }
        static [Symbol.hasInstance](value) { return value instanceof ${all}.${name} }
      }`
    : `${own} (...words) => ${all}.${name}(...words)`
}
