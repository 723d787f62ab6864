#!/usr/bin/env node
// The command. In a checkout it bundles again what was edited; an installed package is used as it is.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const newest = folder =>
  readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(folder, entry.name)
    return Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }, 0)

const isStale = () => {
  if (!existsSync(join(root, 'src'))) return false
  const stamp = join(root, 'dist', 'stamp')
  if (!existsSync(stamp)) return true
  const sources = [join(root, 'src'), join(root, 'lab'), join(root, 'package-lock.json')].filter(path =>
    existsSync(path),
  )
  const latest = Math.max(
    ...sources.map(path => (statSync(path).isDirectory() ? newest(path) : statSync(path).mtimeMs)),
  )
  return latest > statSync(stamp).mtimeMs
}

if (isStale()) await (await import('./build.js')).build()
await import('../dist/run.js')
