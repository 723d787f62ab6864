#!/usr/bin/env node
// The command. In a checkout it bundles again what was edited; an installed package is used as it is.
// Before all else, and in words that any Node.js reads: an old one says this, and not where it stumbled.
const assertNodeIsNewEnough = () => {
  const wanted = require('../package.json').engines.node.replace('>=', '')
  const [major, minor] = wanted.split('.').map(Number)
  const [ours, below] = process.versions.node.split('.').map(Number)
  if (ours > major || (ours === major && below >= minor)) return
  console.error(`error[node-too-old] This Node.js is too old for \`run\`
  seen    ${process.versions.node}, at ${process.execPath}
  wanted  ${wanted} or later
  help    install a newer one, or put one that is there first in PATH`)
  process.exit(2)
}

assertNodeIsNewEnough()

const { existsSync, readdirSync, statSync } = require('node:fs')
const { dirname } = require('node:path')

const root = dirname(__dirname)

const stamp = `${root}/dist/stamp`

const isNewer = (path, than) => statSync(path).mtimeMs > than

const holdsNewer = (folder, than) =>
  isNewer(folder, than) ||
  readdirSync(folder, { withFileTypes: true }).some(entry => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? holdsNewer(path, than) : isNewer(path, than)
  })

const isStale = () => {
  if (!existsSync(`${root}/src`)) return false
  if (!existsSync(stamp)) return true
  const built = statSync(stamp).mtimeMs
  const holds = path => existsSync(path) && holdsNewer(path, built)
  return ['src', 'lab', 'bin'].some(folder => holds(`${root}/${folder}`)) || isNewer(`${root}/package-lock.json`, built)
}

const start = () => require('../dist/start.cjs')

if (isStale()) import('./build.mjs').then(({ build }) => build()).then(start)
else start()
