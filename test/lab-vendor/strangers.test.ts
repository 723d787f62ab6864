// Installation programs that the shipped dialogue has never seen: it stops at each, and one session by hand is enough to
// install other nodes by.
import { cpSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunningDirectory, seed, startDirectory } from '../../lab/vendor/index.ts'
import { Problem } from '../../src/model/problem.ts'
import { Secret } from '../../src/model/secret.ts'
import { dialogueVoice } from '../../src/plan/dialogue-voice.ts'
import { parseDialogue } from '../../src/playbook/dialogue.ts'
import { recordedPrompts } from '../../src/playbook/recorded/recorded.ts'
import { writeRecording } from '../../src/playbook/recorded/write.ts'
import { type Conversation, converse } from '../../src/shell/converse.ts'
import { type Hand, takeDown } from '../../src/shell/record/take-down.ts'
import { redactEchoed } from '../../src/shell/redact.ts'
import { ownAddress } from '../kit/own-address.ts'
import { atThisPace } from '../kit/pace.ts'
import { localTerminal } from '../shell/local-terminal.ts'
import { hasScript, type Scratch, scratchNode } from './scratch.ts'
import { password, type Site, strangers, type Typing, worksheet } from './strangers.ts'

let directory: RunningDirectory
let nodes: Scratch[]
beforeEach(async () => {
  directory = await startDirectory({ host: '127.0.0.1', port: 0, state: seed() })
  await directory.close()
  nodes = []
})
afterEach(async () => {
  await Promise.all(nodes.map(node => node.remove()))
  await directory.close()
})

/** A cluster that nobody has touched; its directory knows the administrator by our password. */
const freshSite = async (): Promise<Site> => {
  await directory.close()
  const state = seed()
  const admin = { ...state.entries['cn=admin,o=acme'], userPassword: [password] }
  const entries = { ...state.entries, 'cn=admin,o=acme': admin }
  directory = await startDirectory({ host: '127.0.0.1', port: 0, state: { ...state, entries } })
  return { host: '127.0.0.1', port: directory.port, address: ownAddress }
}

/** @param after The node that had the partition before. */
const nextNode = (after?: Scratch): Scratch => {
  const node = scratchNode()
  nodes.push(node)
  if (after) cpSync(`${after.root}/mnt/messenger`, `${node.root}/mnt/messenger`, { recursive: true })
  return node
}

const start = (node: Scratch, stranger: string) =>
  localTerminal(`LAB_ROOT='${node.root}' '${node.root}/media/strange/${stranger}/install'`)

const valuesOf = (site: Site) => ({ ...worksheet(site), user_password: new Secret('user_password', password) })

/** A person who waits for the end of the screen to read so, and types key by key. */
const handThat = (typing: Typing): Hand & { readonly seen: () => string; readonly left: () => number } => {
  let screen = ''
  let next = 0
  let press = (_key: string): void => {}
  return {
    gone: new Promise(() => {}),
    seen: () => screen,
    left: () => typing.length - next,
    onKey(hear) {
      press = hear
    },
    show(text) {
      screen += text
      const [prompt, keys] = typing[next] ?? []
      if (prompt === undefined || keys === undefined || !prompt.test(screen.slice(-2000))) return
      next += 1
      screen += '\0'
      for (const key of keys) press(key)
    },
  }
}

type Recorded = { readonly file: string; readonly journal: readonly string[] }

const byHand = async (
  node: Scratch,
  {
    stranger,
    typing,
    role,
    site,
    before,
  }: Record<'stranger' | 'role', string> & { typing: Typing; site: Site; before?: string },
): Promise<Recorded> => {
  const journal: string[] = []
  const values = valuesOf(site)
  const terminal = start(node, stranger)
  const hand = handThat(typing)
  const ended = await takeDown(terminal, hand, {
    secrets: [values.user_password],
    onSecret: () => {},
    onTyping: () => {},
    onAnswer: (prompt, answer) => journal.push(`${prompt} ${answer}`),
    onEntry: ({ text }) => journal.push(text),
  })
  expect([hand.left(), ended.exitCode], hand.seen().slice(-800)).toEqual([0, 0])
  const prompts = await recordedPrompts(
    ended.turns.map(turn => ({ ...turn, shown: redactEchoed(turn.shown, [values.user_password]) })),
    { values, hosts: [], wasRefused: async () => true },
  )
  const file = writeRecording({ title: stranger, prompts, branch: { role }, origin: [] }, before)
  return { file, journal }
}

const byDialogue = (
  node: Scratch,
  {
    stranger,
    text,
    role,
    site,
    withinMs,
  }: Record<'stranger' | 'text' | 'role', string> & { site: Site; withinMs?: number },
): { readonly typed: string[]; readonly end: Promise<Conversation> } => {
  const { dialogue, problems } = parseDialogue({ file: 'site.yml', text })
  expect(problems).toEqual([])
  const typed: string[] = []
  const defaults = { installation_path: '/opt/novell/messenger', bind_to_address: false, administration_files: false }
  const voice = dialogueVoice({ ...defaults, ...valuesOf(site), role })
  const end = converse(
    start(node, stranger),
    { ...dialogue, ...(withinMs !== undefined && { withinMs }) },
    { ...voice, onAnswer: ({ name }) => void typed.push(name) },
  )
  return { typed, end }
}

const files = [
  '/etc/init.d/novell-nmma',
  '/etc/opt/novell/messenger/strtup.ma',
  '/mnt/messenger/novell/messenger/config',
]

describe.skipIf(!hasScript)('strangers (skipped without util-linux `script`)', () => {
  for (const [stranger, { create, join, stopsAt }] of Object.entries(strangers)) {
    it(
      `${stranger}: the shipped dialogue stops, and types nothing`,
      async () => {
        const site = await freshSite()
        const node = nextNode()
        const text = readFileSync('playbooks/dialogues/messenger-2.2.yml', 'utf8')
        const { typed, end } = byDialogue(node, { stranger, text, role: 'create', site, withinMs: atThisPace(1000) })
        const problem = await end.catch(error => error)
        expect(problem).toBeInstanceOf(Problem)
        expect(problem.code).toBe('prompt-unknown')
        expect(problem.fields.excerpt).toMatch(stopsAt)
        expect(problem.fields.state).toContain('the program has ended')
        expect(typed).toEqual([])
      },
      atThisPace(30_000),
    )

    it(
      `${stranger}: what one person typed on two nodes installs a whole cluster`,
      async () => {
        const first = await freshSite()
        const one = nextNode()
        const recorded = await byHand(one, { stranger, typing: create(first), role: 'create', site: first })
        const both = await byHand(nextNode(one), {
          stranger,
          typing: join,
          role: 'join',
          site: first,
          before: recorded.file,
        })
        for (const text of [both.file, ...recorded.journal, ...both.journal]) {
          expect(text).not.toContain(password)
          expect(text).not.toContain('wrong-one')
        }
        expect(both.file).toContain('{{ user_password }}')
        expect(both.file).toContain('{{ ldap_port }}')

        const another = await freshSite()
        const created = nextNode()
        const text = both.file
        expect((await byDialogue(created, { stranger, text, role: 'create', site: another }).end).exitCode).toBe(0)
        const joined = nextNode(created)
        expect((await byDialogue(joined, { stranger, text, role: 'join', site: another }).end).exitCode).toBe(0)
        for (const node of [created, joined]) for (const file of files) expect(node.read(file)).not.toBe('')
        expect(created.read('/mnt/messenger/novell/messenger/config')).toContain(`ldap_port=${another.port}`)
      },
      atThisPace(120_000),
    )
  }
})
