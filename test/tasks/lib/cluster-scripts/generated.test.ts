// Every variant of the generated scripts: as reviewed, readable to each shell, and without a finding of shellcheck.
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { agentsOf, generate, settingsOf, storages } from '../../../kit/cluster-scripts.ts'
import * as posix from '../../../kit/posix.ts'

const names = ['load script', 'unload script'] as const
const { both, units } = agentsOf
const rows = Object.entries(storages).flatMap(([storage, value]) =>
  [both, agentsOf['no archive']].flatMap(agents =>
    [false, true].map(gwha => ({
      title: [storage, ...(agents === both ? [] : ['no archive']), ...(gwha ? ['gwha'] : [])].join(', '),
      settings: settingsOf(value, { agents, gwha }),
    })),
  ),
)
const more = [
  { title: 'plain, units', settings: settingsOf(storages.plain, { agents: units }) },
  {
    title: 'plain, order of the manual',
    settings: settingsOf(storages.plain, { stop_order: 'manual', stop_wait: 20, kill_wait: 1 }),
  },
  {
    title: 'plain, blanks in the names',
    settings: settingsOf({ ...storages.plain, device: '/dev/two words' }, { mount_point: '/mnt/two words' }),
  },
]
// Nothing of it depends on who the agents run as: that is in uid.conf. Only the unload script deals with gwha.
const cases = [...rows, ...more].flatMap(({ title, settings }) =>
  names.flatMap(name => (name === 'load script' && settings.gwha ? [] : [{ title, name, settings }])),
)

const shells = posix.shells.filter(({ isHere }) => isHere)
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0

describe.each(cases)('the $name for $title', ({ title, name, settings }) => {
  const script = generate(name, settings)

  it('is as it was reviewed', () =>
    expect(script).toMatchFileSnapshot(
      `golden/${title.replaceAll(', ', '-').replaceAll(' ', '-')}.${name.split(' ')[0]}.sh`,
    ))

  it('can be read by each shell', () => {
    for (const [shell = '', ...words] of [['bash'], ...shells.map(({ words }) => words)]) {
      const { status, stderr } = spawnSync(shell, [...words, '-n'], { input: script })
      expect({ shell, status, said: String(stderr) }).toEqual({ shell, status: 0, said: '' })
    }
  })

  // SC1091: ncsfuncs is on the nodes alone.
  it.skipIf(!hasShellcheck)('has nothing that shellcheck finds', () => {
    for (const dialect of ['sh', 'bash']) {
      const { status, stdout } = spawnSync('shellcheck', ['-s', dialect, '-e', 'SC1091', '-'], { input: script })
      expect({ status, found: String(stdout) }).toEqual({ status: 0, found: '' })
    }
  })

  it('has no line that is left of the template, and no two empty ones', () => {
    expect(script).not.toMatch(/\{[{%#]|[}%#]\}|\n\n\n|[ \t]\n|undefined/)
  })
})
