// What is typed wrongly is told as every other fault is: what, what was meant, exit code 2, and nothing touched.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { inventory, refusal, siteOf } from './scratch-site.ts'

it('tells every flag that names what is not there, at once', async () => {
  const run = siteOf()
  const flags = ['--only', 'mount-piont', '--from', 'first', '--tags', 'storag', '--limit', 'bobb', '-e', '@vars.yml']
  expect(refusal(await run('playbook', 'site', ...flags, '-e', 'three'))).toMatchInlineSnapshot(`
    "error[file-not-found] There is no file vars.yml, which -e names
      help    a path counts from where you stand

    error[variables-wrong] What -e gives is no mapping of variables
      seen    5 characters that are neither pairs nor a mapping
      wanted  \`-e key=value\`, \`-e '{"key": "value"}'\` or \`-e @file.yml\`

    error[host-unknown] The inventory inventory.yml has no host and no group \`bobb\`
      help    did you mean \`bob\`?

    error[step-unknown] There is no step \`mount-piont\`
      help    did you mean \`mount-point\`?

    error[step-unknown] There is no step \`first\`, which --from names
      help    there are: site/mount-point

    error[tag-unknown] No step has the tag \`storag\`
      help    did you mean \`storage\`?

    6 problems
    "
  `)
})

describe('--assume-released', () => {
  it('needs a reason, and a node of the failover list', async () => {
    const run = siteOf()
    expect(refusal(await run('playbook', 'site', '--assume-released', 'bobb'))).toMatchInlineSnapshot(`
      "error[host-unknown] --assume-released names \`bobb\`, which is not in the failover list
        help    did you mean \`bob\`?

      error[reason-missing] --assume-released needs a reason
        wanted  how you know that the node holds nothing
        help    add --reason "…"; it is kept in the journal

      2 problems
      "
    `)
  })

  it('is what --reason is for', async () => {
    const run = siteOf()
    expect(refusal(await run('playbook', 'site', '--reason', 'power is off'))).toMatchInlineSnapshot(`
      "error[node-missing] --reason says why, and no node is named
        help    add --assume-released NODE, or leave out --reason
      "
    `)
  })
})

it('names inventory and playbook that are not there, both at once', async () => {
  const run = siteOf()
  expect(refusal(await run('playbook', 'instal', '-i', 'inventry.yml'))).toMatchInlineSnapshot(`
    "error[file-not-found] There is no inventory inventry.yml
      help    did you mean \`inventory.yml\`?

    error[playbook-unknown] There is no playbook \`instal\`
      help    did you mean \`install\`?

    2 problems
    "
  `)
})

it('says how to name an inventory', async () => {
  const run = siteOf({ 'run.yml': '' })
  expect(refusal(await run('playbook', 'site'))).toMatchInlineSnapshot(`
    "error[inventory-missing] No inventory is named
      help    name one with -i, or with \`inventory:\` in run.yml; \`run new inventory NAME\` begins one, with --lab of the lab
    "
  `)
})

it('names playbook files that are near', async () => {
  const run = siteOf()
  expect(refusal(await run('playbook', 'playbooks/siet.yml'))).toMatchInlineSnapshot(`
    "error[file-not-found] There is no playbook playbooks/siet.yml
      help    did you mean \`site.yml\`?
    "
  `)
})

it('says what became of a lab, also where there was none', async () => {
  expect(await siteOf()('lab', 'down')).toEqual({
    status: 0,
    stdout: 'The lab is down; nothing of it is left.\n',
    stderr: '',
  })
})

it('knows no other provider than the lab', async () => {
  const run = siteOf({ 'inventory.yml': `provider: lap\n${inventory()}` })
  expect(refusal(await run('playbook', 'site'))).toMatchInlineSnapshot(`
    "error[provider-unknown] There is no provider \`lap\`
      inventory.yml:1:11
        1 | provider: lap
          |           ^^^
      wanted  \`lab\`, or no \`provider:\` for nodes that are there already
    "
  `)
})

it('has nothing to do where no host is left', async () => {
  const run = siteOf()
  expect(refusal(await run('playbook', 'site', '--limit', 'all:!ada:!bob'))).toMatchInlineSnapshot(`
    "error[no-hosts] site has nothing to do: no host is left
      seen    --limit all:!ada:!bob
      wanted  at least one host of its plays
      help    \`run inventory graph\` shows the hosts of each group
    "
  `)
})

it.each([
  [['playbok'], 'command-unknown', 'did you mean `playbook`?'],
  [['lab', 'upp'], 'command-unknown', 'did you mean `up`?'],
  [['playbook', 'site', '--dryrun'], 'flag-unknown', 'did you mean `--dry-run`?'],
  [['playbook', 'site', '--start-at-task=Uid'], 'flag-unknown', 'type `--from STEP`'],
  [['playbook'], 'word-missing', '`run playbook --help`'],
  [['playbook', 'site', '--forks', 'many'], 'flag-value', 'a whole number'],
  [['playbook', 'site', '--forks', '0'], 'flag-value', 'a whole number'],
  [['playbook', 'site', '--format', 'xml'], 'flag-value', 'text, md, json'],
  [['playbook', 'site', '--limit'], 'command-line-wrong', 'argument missing'],
  [['playbook', 'site', '--only', 'a', 'b'], 'words-too-many', 'such as `--only a,b`'],
  [['lab', 'up', '--nodes', 'x'], 'flag-value', 'a whole number'],
  [['step', 'site'], 'address-wrong', 'PLAYBOOK/STEP'],
  [['step', 'site/mont-point'], 'step-unknown', 'did you mean `mount-point`?'],
  [['step', 'site/mount-point@bobb'], 'host-unknown', 'did you mean `bob`?'],
  [['new', 'task', 'Motd'], 'name-not-usable', 'lower-case letters'],
])('run %j', async (words, code, part) => {
  const said = refusal(await siteOf()(...words))
  expect(said).toContain(`error[${code}]`)
  expect(said).toContain(part)
})

it.each([
  ['12.22.12', 2],
  ['20.18.9', 2],
  ['20.19.0', 0],
  ['22.0.0', 0],
])('by Node.js %s ends with %i', (version, exit) => {
  const older = join(mkdtempSync(join(tmpdir(), 'node-')), 'older.cjs')
  writeFileSync(
    older,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
  )
  const command = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, ['-r', older, command, '--version'], { encoding: 'utf8' })
  expect(status).toBe(exit)
  if (exit === 2) expect(stderr).toMatch(/^error\[node-too-old\] .*\n {2}seen {4}\d.*\n {2}wanted {2}20\.19 or later\n/)
  else expect(stderr).toBe('')
})
