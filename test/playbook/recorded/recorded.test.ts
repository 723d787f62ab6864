// What was typed by hand, and what the dialogue file says of it.
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Secret } from '../../../src/model/secret.ts'
import { parseDialogue } from '../../../src/playbook/dialogue.ts'
import { type RecordedPrompt, recordedPrompts } from '../../../src/playbook/recorded/recorded.ts'
import { writeRecording } from '../../../src/playbook/recorded/write.ts'
import type { Turn } from '../../../src/shell/record/take-down.ts'

const password = 'Kanarienvogel-4711'
const values = {
  mount_point: '/mnt/messenger',
  ldap_host: '10.88.1.254',
  ldap_port: 389,
  server_address: '10.88.1.254',
  archive_agent: true,
  user_password: new Secret('user_password', password),
}

const turn = (shown: string, answer: string | Secret, press = false): Turn => ({ shown, answer, press })
const typedUnseen = (text: string) => new Secret('typed', text)

const recorded = (turns: readonly Turn[], { refused = false } = {}) =>
  recordedPrompts(turns, { values, hosts: ['node1'], wasRefused: async () => refused })

describe('prompts of the same words', () => {
  it('take lines before along until they differ', async () => {
    const page = (title: string) => turn(`left over\n-----\n${title}\n<OK>\n[`, 'x')
    const prompts = await recorded([page('Tree'), turn('left\nName: ', 'me'), page('Context')])
    expect(prompts.map(({ expect }) => expect)).toEqual(['/Tree\\s+<OK>\\s+\\[/', 'Name:', '/Context\\s+<OK>\\s+\\[/'])
  })
})

describe('a text that was taken key by key', () => {
  it('is left out', async () => {
    const prompts = await recorded([turn('PIN: ', '4', true), turn('PIN: *', typedUnseen('7'), true)])
    expect(prompts.map(({ answer }) => answer)).toEqual(['4'])
  })
})

describe('an answer to nothing', () => {
  it.each(['', '\n', ' \n  '])('is left out: %j tells nobody when it is due', async shown => {
    const prompts = await recorded([turn(shown, 'y', true), turn('Go on? ', 'y')])
    expect(prompts.map(({ expect }) => expect)).toEqual(['Go on?'])
  })
})

describe('an answer', () => {
  const cases: readonly (readonly [what: string, turn: Turn, prompt: Partial<RecordedPrompt>])[] = [
    ['a value of the worksheet goes by its name', turn('Folder: ', '/mnt/messenger'), { answer: '{{ mount_point }}' }],
    ['a path below one', turn('Folder: ', '/mnt/messenger/a'), { answer: '{{ mount_point }}/a' }],
    ['of two names the nearer one', turn('Address of the server: ', '10.88.1.254'), { answer: '{{ server_address }}' }],
    ['of two names the nearer one, again', turn('LDAP host: ', '10.88.1.254'), { answer: '{{ ldap_host }}' }],
    ['a number', turn('Port: ', '389'), { answer: '{{ ldap_port }}' }],
    ['a default that is a value', turn('Port [389]: ', ''), { answer: '{{ ldap_port }}' }],
    ['yes stays yes', turn('Archive? (y/n) ', 'y'), { answer: 'y' }],
    ['a choice stays a choice', turn('Choice: ', '1'), { answer: '1' }],
    ['signs of a template', turn('Text: ', '{{ x }}'), { answer: '{{ "{{ x }}" }}' }],
    ['a key', turn('--More--', ' ', true), { answer: ' ', press: true }],
    [
      'a secret that is known',
      turn('Password: ', typedUnseen(password)),
      { answer: '{{ user_password }}', secret: true },
    ],
    [
      'a secret that nobody knows',
      turn('Key password: ', typedUnseen('other-one')),
      { answer: '{{ secret_of_key_password }}', secret: true },
    ],
  ]
  for (const [what, typed, prompt] of cases)
    it(what, async () => expect((await recorded([typed]))[0]).toMatchObject(prompt))
})

describe('a question that comes again', () => {
  const wrong = [turn('Port: ', '99999'), turn('Not a port.\nPort: ', '389')]

  it('with another answer: the one that was refused is left out', async () =>
    expect((await recorded(wrong, { refused: true })).map(({ answer }) => answer)).toEqual(['{{ ldap_port }}']))

  it('with another answer: both stay where none was refused', async () =>
    expect((await recorded(wrong)).map(({ answer }) => answer)).toEqual(['99999', '{{ ldap_port }}']))

  it('as a whole round', async () => {
    const round = (user: string) => [turn('\nUser: ', user), turn('\nPassword: ', typedUnseen(password))]
    const prompts = await recorded([...round('x'), ...round('y')], { refused: true })
    expect(prompts.map(({ answer }) => answer)).toEqual(['y', '{{ user_password }}'])
  })

  it('with the same answer: it repeats', async () =>
    expect(
      await recorded([turn('Password: ', typedUnseen(password)), turn('Password: ', typedUnseen(password))]),
    ).toMatchObject([{ repeat: 2, answer: '{{ user_password }}' }]))
})

it('two questions of the same words are told apart by the line before', async () => {
  const prompts = await recorded([
    turn('\nDirectory\nPort: ', '389'),
    turn('\nName: ', 'x'),
    turn('\nAgent\nPort: ', '8300'),
  ])
  expect(prompts.map(prompt => prompt.expect)).toEqual(['/Directory\\s+Port:/', 'Name:', '/Agent\\s+Port:/'])
})

describe('the file', () => {
  const write = (prompts: readonly RecordedPrompt[], role: string, before?: string) =>
    writeRecording({ title: 'site', prompts, branch: { role }, origin: [`on ${role}`] }, before)
  const create = [
    { name: 'licence', expect: 'Licence?', answer: 'y' },
    { name: 'what', expect: 'What?', answer: '1' },
    { name: 'tree', expect: 'Tree:', answer: '{{ tree }}' },
    { name: 'start', expect: 'Start?', answer: 'n' },
  ]
  const join = [create[0], { name: 'what', expect: 'What?', answer: '2' }, create[3]] as RecordedPrompt[]
  const both = write(join, 'join', write(create, 'create'))

  it('is a dialogue without a fault', () =>
    expect(parseDialogue({ file: 'site.yml', text: both }).problems).toEqual([]))

  it('holds for the branch that was recorded, and for no other', () =>
    expect(parse(write(create, 'create')).prompts[0].when).toBe("role == 'create'"))

  it('has what both branches ask once, in an order that is right for both', () => {
    const prompts = parse(both).prompts as { name: string; when: string }[]
    expect(prompts.map(({ name }) => name)).toEqual(['licence', 'what', 'tree', 'what 2', 'start'])
    expect(prompts.map(({ when }) => when)).toEqual([
      "role == 'create' or role == 'join'",
      "role == 'create'",
      "role == 'create'",
      "role == 'join'",
      "role == 'create' or role == 'join'",
    ])
  })

  it('keeps what a person wrote in it', () => {
    const mended = write(create, 'create').replace('    answer: y', '    # mind this\n    answer: y')
    expect(write(join, 'join', mended)).toContain('# mind this')
  })
})
