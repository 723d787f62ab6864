// An installation program that asks otherwise than the dialogue says: the run stops, and nothing is typed blind.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { heldAs } from '../../kit/fault-table.ts'
import { eventsOf } from '../e2e/changes.ts'
import type { Ran } from '../e2e/command.ts'
import { mountedOn, runningOn } from '../e2e/machines.ts'
import { canary } from '../e2e/site.ts'
import { dialogueFile, type FaultySite, failureOf, holdsOf, openFaultySite, outcomesOf } from './faulty-site.ts'

const media = '/media/messenger'
const install = ['playbook', 'install', '--limit', 'node1', '--to', 'installer'] as const

let site: FaultySite
beforeAll(async () => {
  site = await openFaultySite()
})
beforeEach(() => site.refresh())

/** Has the program on the node's media speak otherwise; `mend` gives it its own words back. */
const change = async (file: string, expression: string) => {
  await site.on('node1', `cp -p ${media}/${file} /root/own && sed -i ${quoted(expression)} ${media}/${file}`)
  return { mend: () => site.on('node1', `cp -p /root/own ${media}/${file}`) }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** What was typed, prompt by prompt. */
const typed = ({ events }: Ran): readonly string[] => eventsOf(events, 'prompt-answered').map(({ prompt }) => prompt)

const transcript = ({ events }: Ran): string =>
  eventsOf(events, 'transcript')
    .map(({ text }) => text)
    .join('\n')

/** It stopped, ended the program, gave the partition back, and kept what was said, without a secret. */
const expectStopped = (ran: Ran, shown: string) => {
  expect(ran.status).toBe(1)
  expect(outcomesOf(ran)['install/installer@node1']).toBe('failed')
  expect(transcript(ran)).toContain(shown)
  expect(failureOf(ran).excerpt ?? '').toContain(shown)
  expect(ran.stderr).toMatch(new RegExp(`^ {4}.*${shown.replace(/[^\w ]/g, '\\$&')}`, 'm'))
  for (const text of [ran.stderr, ran.stdout, JSON.stringify(ran.events)]) expect(text).not.toContain(canary.core)
  expect(holdsOf(ran).at(-1)).toBe('hold-released node1')
  expect([...mountedOn(site.lab), ...runningOn(site.lab, 'install')]).toEqual([])
}

it('an unknown question: it is shown, and not answered', async () => {
  const { mend } = await change('lib/worksheet.sh', "s/'LDAP host'/'Host of the LDAP server'/")
  const ran = await site.run(...install)
  expectStopped(ran, 'Host of the LDAP server:')
  expect(failureOf(ran)).toMatchObject({
    code: 'prompt-unknown',
    span: expect.objectContaining({ file: dialogueFile, excerpt: expect.stringContaining('LDAP host') }),
    seen: '"Host of the LDAP server:"',
    wanted: '"LDAP host"',
    state: expect.stringMatching(/^7 answers were given; quiet for 3(?:\.\d)? s; the program has ended/),
    help: 'add the prompt to the dialogue, or mend its `expect`',
  })
  heldAs('the installer asks something unknown', ran)
  expect(typed(ran).at(-1)).toBe('server context')
  await mend()
  await site.finishes(...install)
})

it('a question out of its order', async () => {
  const { mend } = await change('lib/worksheet.sh', '/^ *ask .eDirectory tree/d')
  const ran = await site.run(...install)
  expectStopped(ran, 'Context of the Messenger server object:')
  expect(failureOf(ran)).toMatchObject({
    code: 'prompt-out-of-order',
    wanted: '"eDirectory tree"',
    help: expect.stringContaining('in the dialogue it is prompt 7'),
  })
  heldAs('the installer asks out of its order', ran)
  expect(typed(ran).at(-1)).toBe('installation path')
  await mend()
  await site.finishes(...install)
})

it('a password that the program refuses: it is asked for again, and not typed a second time', async () => {
  await site.changePassword('another')
  const ran = await site.run(...install, '-i', site.withoutDirectory)
  expectStopped(ran, 'The directory does not accept this user and password.')
  expect(failureOf(ran)).toMatchObject({
    code: 'prompt-repeated',
    summary: expect.stringContaining('asked "user" again'),
    help: 'it may have refused an answer since then: look at what it said',
  })
  heldAs('the installer asks twice', ran)
  expect(typed(ran).filter(prompt => prompt === 'password')).toHaveLength(1)
  await site.changePassword(canary.whole)
  await site.finishes(...install)
})

describe('silence', () => {
  it('before the first question', async () => {
    const { mend } = await change('install', 's/^  welcome$/  echo Unpacking; sleep 300/')
    const ran = await site.run(...install)
    expectStopped(ran, 'Unpacking')
    expect(failureOf(ran)).toMatchObject({
      code: 'dialogue-silent',
      summary: expect.stringContaining('said nothing for 3 s'),
      help: expect.stringContaining('give the prompt more time'),
    })
    heldAs('the installer hangs', ran)
    expect(typed(ran)).toEqual([])
    await mend()
    await site.finishes(...install)
  })

  it('of a program that will not end: it is ended all the same', async () => {
    await change('install', 's/^  welcome$/  trap "" TERM HUP INT; echo Deaf; while :; do sleep 300; done/')
    const ran = await site.run(...install)
    expectStopped(ran, 'Deaf')
    expect(await site.statusOn('node1', 'pgrep -f [/]media/messenger/install')).toBe(1)
  })
})

it('an early end: its last words and its exit status are told', async () => {
  const { mend } = await change('lib/worksheet.sh', "s/^ask_ldap() {$/ask_ldap() { fail 9 'The license has run out.'/")
  const ran = await site.run(...install)
  expectStopped(ran, 'The license has run out.')
  expect(failureOf(ran)).toMatchObject({
    code: 'dialogue-ended-early',
    seen: '"The license has run out."',
    state: '7 answers were given; it ended by itself, exit status 9',
    help: 'mend what it says, then run it again',
  })
  heldAs('the installer ends early', ran)
  await mend()
  await site.finishes(...install)
})

it('an error at the very end, after all was answered', async () => {
  const { mend } = await change(
    'install',
    "s/^  echo .The installation is complete.*/  fail 5 'The installation is incomplete.'/",
  )
  const ran = await site.run(...install)
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({ code: 'installer-failed', seen: 'exit status 5' })
  expect(ran.stderr).toContain('The installation is incomplete.')
  heldAs('the installer fails after its last question', ran)
  expect(mountedOn(site.lab)).toEqual([])
  await mend()
})

it('a connection that is lost in the middle: over a new one the program is answered on, and nothing twice', async () => {
  await site.fault('node1', { kind: 'drop', when: 'ACME_TREE' })
  const ran = await site.run(...install)
  expect(ran.status).toBe(0)
  heldAs('the connection is lost while the installer runs', ran)
  expect(outcomesOf(ran)).toMatchObject({ 'install/installer@node1': 'changed' })
  const prompts = typed(ran)
  expect(prompts).toContain('tree')
  expect(prompts).toEqual([...new Set(prompts)])
  expect(await site.statusOn('node1', 'pgrep -f [/]media/messenger/install')).toBe(1)
  expect(mountedOn(site.lab)).toEqual([])
})
