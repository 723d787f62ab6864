// The command as it is where it is installed: what a checkout has beside it is not there, nor what V8 has kept.
import { cpSync } from 'node:fs'
import { join } from 'node:path'

const parts = ['bin', 'dist', 'tasks', 'playbooks', 'package.json']

/** What V8 kept is not handed on: the first start there keeps it. @returns What begins it. */
export const installed = (root: string, dir: string): readonly string[] => {
  const copy = join(dir, 'installed')
  for (const part of parts)
    cpSync(join(root, part), join(copy, part), { recursive: true, filter: path => !path.endsWith('.code') })
  return [process.execPath, join(copy, 'bin/run.js')]
}
