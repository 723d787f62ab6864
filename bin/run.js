#!/usr/bin/env node
// The command. In a checkout it bundles again what was edited; an installed package is used as it is.
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
  return holds(`${root}/src`) || holds(`${root}/lab`) || isNewer(`${root}/package-lock.json`, built)
}

const start = () => require('../dist/start.cjs')

if (isStale()) import('./build.mjs').then(({ build }) => build()).then(start)
else start()
