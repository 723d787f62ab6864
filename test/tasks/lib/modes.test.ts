// Modes in letters, held against what chmod makes of them.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, describe, expect, it } from 'vitest'
import { modeFrom } from '../../../tasks/lib/modes.ts'

const root = mkdtempSync(`${tmpdir()}/modes-`)
afterAll(() => rmSync(root, { recursive: true }))

const letters = [
  'u=rw,g=r',
  'u=rwx,g+w,o-r',
  'a=rX',
  'g=u',
  'o=g,g=o',
  'u+x',
  'a+x,g-r',
  'u=,g=,o=',
  'u+s',
  'g+s,o+t',
  'ug=rwX,o=',
  'u=rws,o=t',
  'g-w+x',
]

describe.each(['0644', '0755', '0600', '2750', '1777'])('from %s', mode => {
  it.each(letters)('%s', wanted => {
    for (const isDirectory of [false, true]) {
      const path = `${root}/${isDirectory ? 'd' : 'f'}${mode}${wanted}`.replaceAll(/[,=]/g, '_')
      if (isDirectory) mkdirSync(path)
      else writeFileSync(path, '')
      execFileSync('chmod', [`0${mode}`, path])
      execFileSync('chmod', [wanted, path])
      const made = (statSync(path).mode & 0o7777).toString(8).padStart(4, '0')
      // A directory keeps its special bits at `=`, as chmod has it; Ansible, which is followed here, takes them away.
      if (isDirectory && mode === '2750' && /=/.test(wanted)) continue
      expect(modeFrom(wanted, { mode, isDirectory })).toBe(made)
    }
  })
})
