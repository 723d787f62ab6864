// Our part comes into a script that somebody else wrote: in its place, once, and out again without a trace.
import { describe, expect, it } from 'vitest'
import { Problem } from '../../../../src/model/problem.ts'
import { compose, takeOut, usualComposing } from '../../../../tasks/lib/cluster-scripts/compose.ts'
import type { ScriptName } from '../../../../tasks/lib/cluster-scripts/standing.ts'
import { generate, settingsOf, storages } from '../../../kit/cluster-scripts.ts'

const settings = settingsOf(storages.nss)

/** As Cluster Services writes them for a pool. */
const standing = {
  'load script': `#!/bin/bash
. /opt/novell/ncs/lib/ncsfuncs
exit_on_error nss /poolact=MSGPOOL
exit_on_error ncpcon mount MSGVOL=254
exit_on_error add_secondary_ipaddress 10.88.1.100
exit_on_error ncpcon bind --ncpservername=CLUSTER_MSGPOOL_SERVER --ipaddress=10.88.1.100
exit 0
`,
  'unload script': `#!/bin/bash
. /opt/novell/ncs/lib/ncsfuncs
ignore_error ncpcon unbind --ncpservername=CLUSTER_MSGPOOL_SERVER --ipaddress=10.88.1.100
ignore_error del_secondary_ipaddress 10.88.1.100
exit_on_error nss /pooldeact=MSGPOOL
exit 0
`,
}

const insert = (name: ScriptName, text: string, more: object = {}): string => {
  const own = settingsOf(storages.nss, more)
  return compose('insert', { name, standing: text, generated: generate(name, own), settings: own })
}

const codeOf = (name: ScriptName, text: string, more: object = {}): string => {
  try {
    return insert(name, text, more)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return `${error.code}: ${error.fields.seen}`
  }
}

/** Commands alone, each by the words that tell it from the others. */
const commandsOf = (script: string): readonly string[] =>
  script.split('\n').flatMap(line => /^(?:exit_on_error|ignore_error) (?:ncpcon )?(\S+)/.exec(line)?.[1] ?? [])

const names = ['load script', 'unload script'] as const
const { 'load script': load, 'unload script': unload } = standing

describe('the usual way', () => {
  it.each([
    ['nss', 'insert'],
    ['plain', 'replace'],
    ['lvm', 'replace'],
    ['evms', 'replace'],
  ] as const)('for %s is to %s', (kind, how) => expect(usualComposing(settingsOf(storages[kind]))).toBe(how))
})

describe('our part', () => {
  it('starts the agents when all else is there', () => {
    expect(commandsOf(insert('load script', load))).toEqual([
      'nss',
      'mount',
      'add_secondary_ipaddress',
      'bind',
      '/etc/init.d/novell-nmma',
      '/etc/init.d/novell-nmaa',
    ])
    expect(insert('load script', load)).toMatch(/# end run\n\nexit 0\n$/)
  })

  it('stops the agents while all else is still there', () => {
    expect(commandsOf(insert('unload script', unload))).toEqual([
      '/etc/init.d/novell-nmaa',
      '/etc/init.d/novell-nmma',
      'unbind',
      'del_secondary_ipaddress',
      'nss',
    ])
  })

  it.each(names)('comes into the %s once, and follows the settings', name => {
    const first = insert(name, standing[name])
    expect(insert(name, first)).toBe(first)
    const alone = { agents: [{ service: 'gwm-nmma.service', process: 'nmma' }], gwha: true }
    expect(insert(name, insert(name, first, alone))).toBe(first)
    expect(insert(name, first, alone)).toContain('gwm-nmma.service')
  })

  const forms: readonly (readonly [string, (text: string) => string])[] = [
    ['as it is', text => text],
    ['without a line break at its end', text => text.trimEnd()],
    ['with the line breaks of Windows', text => text.replaceAll('\n', '\r\n')],
    ['without `exit`', text => text.replace(/exit 0\n/, '')],
    ['with a comment above `exit`', text => text.replace('exit 0', '\n# return status\nexit 0 # all is well')],
    ['with empty lines', text => text.replaceAll('\n', '\n\n')],
  ]
  it.each(forms.flatMap(([what, form]) => names.map(name => [name, what, form(standing[name])] as const)))(
    'comes out of the %s again %s',
    (name, _, text) => {
      expect(insert(name, text)).not.toBe(text)
      expect(takeOut(insert(name, text), name)).toBe(text)
    },
  )

  it('goes above the comment of the last line', () => {
    expect(insert('load script', load.replace('exit 0', '# return status\nexit 0'))).toMatch(
      /# end run\n\n# return status\nexit 0\n$/,
    )
  })

  it('takes the line breaks of the script', () => {
    expect(insert('load script', load.replaceAll('\n', '\r\n'))).not.toMatch(/[^\r]\n/)
  })

  it('is in a generated script too, so that one way can follow the other', () => {
    for (const name of names) expect(insert(name, generate(name, settings))).toBe(generate(name, settings))
  })
})

describe('a script in which the place cannot be told', () => {
  const below = (line: RegExp, more: string) => (text: string) => text.replace(line, found => `${found}\n${more}`)
  it.each<[string, ScriptName, string, string]>([
    ['reads no ncsfuncs', 'load script', load.replace(/^\. .*\n/m, ''), 'script-place-unknown: no line reads ncsfuncs'],
    [
      'reads the file of the manual’s sample',
      'load script',
      load.replace('ncsfuncs', 'ncsfunc'),
      'script-place-unknown: no line reads ncsfuncs',
    ],
    [
      'adds no address',
      'load script',
      load.replace('add_secondary_ipaddress', 'echo'),
      'script-place-unknown: no line adds an address',
    ],
    [
      'may end well before its end',
      'load script',
      below(/^\. .*/m, 'if [ -e /etc/skip ]; then exit 0; fi')(load),
      'script-place-unknown: line 3: if [ -e /etc/skip ]; then exit 0; fi',
    ],
    [
      'ends with another status',
      'load script',
      load.replace('exit 0', 'exit $status'),
      'script-place-unknown: line 7: exit $status',
    ],
    [
      'has lines that are no commands',
      'load script',
      below(/^\. .*/m, 'cat <<END\nexit 0\nEND')(load),
      'script-place-unknown: line 3: cat <<END',
    ],
    [
      'takes things away before it can stop agents',
      'unload script',
      unload.replace('. /opt', 'umount /mnt/other\n. /opt'),
      'script-place-unknown: line 2: umount /mnt/other',
    ],
    [
      'takes nothing away',
      'unload script',
      '#!/bin/bash\n. /opt/novell/ncs/lib/ncsfuncs\necho 10.88.1.100\nexit 0\n',
      'script-place-unknown: no line takes the partition or the address away',
    ],
    [
      'is for another resource',
      'load script',
      load.replaceAll('10.88.1.100', '10.88.1.10'),
      'script-other-address: 10.88.1.10',
    ],
    [
      'is for an address that begins like ours',
      'load script',
      load.replaceAll('10.88.1.100', '10.88.1.1001'),
      'script-other-address: 10.88.1.1001',
    ],
    [
      'brings another pool',
      'load script',
      load.replace('MSGPOOL', 'OTHER'),
      'script-other-pool: line 3: exit_on_error nss /poolact=OTHER',
    ],
    [
      'mounts a partition of Linux',
      'load script',
      load.replace('nss /poolact=MSGPOOL', 'mount -t ext4 /dev/messenger/data /mnt/messenger'),
      'script-other-pool: line 3: exit_on_error mount -t ext4 /dev/messenger/data /mnt/messenger',
    ],
    [
      'starts the agents already',
      'load script',
      below(/^.*bind.*/m, 'exit_on_error /etc/init.d/novell-nmma start')(load),
      'script-agents-there: line 7: exit_on_error /etc/init.d/novell-nmma start',
    ],
    ['has half of our marks', 'load script', `${load}# begin run: x\n`, 'script-marks-broken: marks in line 8'],
    [
      'has our marks twice',
      'load script',
      insert('load script', load) + insert('load script', load),
      'script-marks-broken: marks in line 7, 11, 20, 24',
    ],
  ])('%s', (_, name, text, told) => expect(codeOf(name, text)).toBe(told))

  it('names the pool in whatever letters', () => {
    expect(codeOf('load script', load.replace('/poolact=MSGPOOL', '/PoolActivate=msgpool'))).toContain('# begin run')
  })

  it('has a trap where ours has to be; without gwha we need none', () => {
    const trapped = below(/^\. .*/m, "trap 'rm -f /tmp/x' EXIT")(unload)
    expect(codeOf('unload script', trapped, { gwha: true })).toBe("script-trap-there: line 3: trap 'rm -f /tmp/x' EXIT")
    expect(codeOf('unload script', trapped)).toContain('# begin run')
    expect(codeOf('load script', below(/^\. .*/m, 'trap : EXIT')(load), { gwha: true })).toContain('# begin run')
  })

  it('may fail early, and may speak of agents in comments', () => {
    const text = below(/^\. .*/m, '[ -d /media ] || exit 1\n# novell-nmma comes later')(load)
    expect(codeOf('load script', text)).toContain('# begin run')
  })
})
