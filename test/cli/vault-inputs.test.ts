// What is encrypted is opened before anything connects, or told with its place and the way on; nothing of it is shown.
import { describe, expect, it } from 'vitest'
import { encrypt } from '../../src/text/vault.ts'
import { inventory, refusal, siteOf } from './scratch-site.ts'

const password = 'Tresor-4711'
const secret = 'Geheim-0815'

const vaulted = (text: string, label?: string) =>
  encrypt(Buffer.from(text), password, { salt: Buffer.alloc(32, 1), ...(label && { label }) })

const inline = (text: string, label?: string) =>
  `!vault |\n${vaulted(text, label).replace(/^/gm, '        ').trimEnd()}\n`

const withSecret = (value: string) => `${inventory()}    db_password: ${value}`

/** Wants a number of what is a secret, so that it is refused after it was opened, and names what it saw. */
const asks = `
- name: Site
  hosts: all
  tasks:
    - name: Mount point
      file: { path: "{{ db_password }}", state: directory }
`

const opened = /seen {4}the secret db_password/

describe('an encrypted value', () => {
  it('is opened with the password of --vault-password-file, and is a secret', async () => {
    const run = siteOf({
      'inventory.yml': withSecret(inline(secret)),
      'playbooks/site.yml': asks,
      key: `${password}\n`,
    })
    const said = refusal(await run('playbook', 'site', '--vault-password-file', 'key'))
    expect(said).toMatch(opened)
    expect(said).not.toContain(secret)
  })

  it.each<readonly [string, readonly string[], string]>([
    ['--vault-id', ['--vault-id', 'prod@key'], ''],
    ['--vault-id without a label', ['--vault-id', 'key'], ''],
    ['the other name of the flag', ['--vault-pass-file', 'key'], ''],
    ['run.yml: vault_password_file', [], 'vault_password_file: key\n'],
    ['run.yml: vault_ids', [], 'vault_ids: [other@wrong-key, prod@key]\n'],
  ])('is opened by %s', async (_, flags, settings) => {
    const run = siteOf({
      'run.yml': `inventory: inventory.yml\n${settings}`,
      'inventory.yml': withSecret(inline(secret, 'prod')),
      'playbooks/site.yml': asks,
      key: `  ${password}  \r\n`,
      'wrong-key': 'another',
    })
    expect(refusal(await run('playbook', 'site', ...flags))).toMatch(opened)
  })

  it('is told with its place and the way on: no password, a wrong one, none in a file, damaged', async () => {
    const run = siteOf({
      'inventory.yml': withSecret(inline(secret, 'prod')),
      'damaged.yml': withSecret(inline(secret).replace('AES256', 'AES128')),
      'wrong-key': 'another',
      'empty-key': '\n',
    })
    const said = await Promise.all(
      [
        [],
        ['--vault-id', 'prod@wrong-key'],
        ['--vault-password-file', 'empty-key'],
        ['--vault-password-file', 'no-key'],
        ['--vault-id', 'a;b@key'],
        ['-J'],
        ['-i', 'damaged.yml', '--vault-id', 'wrong-key'],
      ].map(async flags => refusal(await run('playbook', 'site', ...flags))),
    )
    expect(said.join('\n')).toMatchInlineSnapshot(`
      "error[vault-password-missing] The vault password of the vault id prod is not known
        inventory.yml:10:25
         10 |     db_password: !vault |
            |                         ^
        help    add --ask-vault-pass, \`--vault-id prod@FILE\` or --vault-password-file FILE, or write \`vault_password_file:\` in run.yml

      error[vault-password-wrong] No vault password opens this of the vault id prod
        inventory.yml:10:25
         10 |     db_password: !vault |
            |                         ^
        seen    tried: prod@wrong-key
        wanted  the password that it was encrypted with, and its text as it was then
        help    name the source of its password: --vault-id LABEL@SOURCE; or encrypt it anew

      error[vault-password-unreadable] empty-key gives no vault password
        inventory.yml:10:25
         10 |     db_password: !vault |
            |                         ^
        seen    it is empty
        wanted  a file with the password, a program that prints it, or prompt
        help    correct --vault-id or --vault-password-file, ANSIBLE_VAULT_PASSWORD_FILE, or \`vault_password_file:\` in run.yml

      error[vault-password-unreadable] no-key gives no vault password
        inventory.yml:10:25
         10 |     db_password: !vault |
            |                         ^
        seen    there is no file no-key
        wanted  a file with the password, a program that prints it, or prompt
        help    correct --vault-id or --vault-password-file, ANSIBLE_VAULT_PASSWORD_FILE, or \`vault_password_file:\` in run.yml

      error[vault-id-wrong] This names no source of a vault password
        seen    a;b@key
        wanted  LABEL@SOURCE, where the source is a file, a program, or prompt

      error[vault-password-missing] The vault password of the vault id prod is not known
        inventory.yml:10:25
         10 |     db_password: !vault |
            |                         ^
        seen    it cannot be asked for: there is no terminal
        help    add --ask-vault-pass, \`--vault-id prod@FILE\` or --vault-password-file FILE, or write \`vault_password_file:\` in run.yml

      error[vault-damaged] This encrypted text is damaged
        damaged.yml:10:25
         10 |     db_password: !vault |
            |                         ^
        seen    its cipher is AES128
        wanted  a text of ansible-vault, version 1.1 or 1.2, AES256, whole
        help    take it from where it was copied, all lines of it, or encrypt the value anew
      "
    `)
  })
})

describe('a file that is encrypted as a whole', () => {
  it('is opened as inventory, as variables, as extra variables and as the file of a secret', async () => {
    const run = siteOf({
      'inventory.yml': vaulted(withSecret('{ secret: file:secret.vault }')),
      'playbooks/site.yml': asks.replace('tasks:', 'vars_files: [more.yml]\n  tasks:'),
      'playbooks/more.yml': vaulted('more: Mehr-4711\n'),
      'extra.yml': vaulted('extra: Extra-4711\n'),
      'secret.vault': vaulted(`${secret}\n`),
      key: password,
    })
    const said = refusal(await run('playbook', 'site', '--vault-password-file', 'key', '-e', '@extra.yml'))
    expect(said).toMatch(opened)
    expect(said).not.toMatch(/4711|0815/)
  })

  it('shows no line of it where something in it is wrong', async () => {
    const run = siteOf({
      'inventory.yml': vaulted(`${withSecret('[broken')}\n  secrt: ${secret}`),
      key: password,
    })
    const said = refusal(await run('playbook', 'site', '--vault-password-file', 'key'))
    expect(said).toContain('inventory.yml:')
    expect(said).not.toContain(secret)
  })

  it('cannot be a playbook: its steps are read by people', async () => {
    const run = siteOf({ 'playbooks/site.yml': vaulted(asks), key: password })
    expect(refusal(await run('playbook', 'site', '--vault-password-file', 'key'))).toContain('error[vault-misplaced]')
  })
})

describe('a secret by reference', () => {
  it.each<readonly [string, string]>([
    ['file:secret', opened.source],
    ['command:cat secret', opened.source],
    [`"command:sh -c 'exit 3'"`, 'seen    exit status 3'],
    ['command:cat no-such-file', 'seen    exit status 1'],
    ['command:no-such-program x', 'seen    there is no such program'],
    ['command:true', 'seen    it printed nothing'],
    ['"command:echo {{ mount_point }}"', 'error\\[secret-form\\]'],
    ['ask', 'error\\[secret-missing\\] The secret db_password cannot be asked for: there is no terminal'],
  ])('%s', async (reference, said) => {
    const run = siteOf({
      'inventory.yml': withSecret(`{ secret: ${reference} }`),
      'playbooks/site.yml': asks,
      secret: `${secret}\n`,
    })
    const told = refusal(await run('playbook', 'site'))
    expect(told).toMatch(new RegExp(said))
    expect(told).not.toContain(secret)
  })

  it('is read in a file of -e and in the variables of a playbook too, beside the file that names it', async () => {
    const run = siteOf({
      'playbooks/site.yml': asks.replace('tasks:', 'vars: { other: { secret: file:other } }\n  tasks:'),
      'playbooks/other': 'Anders-4711',
      'vars/extra.yml': 'db_password: { secret: file:secret }',
      'vars/secret': secret,
    })
    expect(refusal(await run('playbook', 'site', '-e', '@vars/extra.yml'))).toMatch(opened)
  })
})

describe('a secret in plain text', () => {
  it('is a secret all the same, and warned of with its place and what to write', async () => {
    const run = siteOf({ 'inventory.yml': withSecret(secret), 'playbooks/site.yml': asks })
    const told = await run('playbook', 'site')
    expect(told.stderr).toMatch(opened)
    expect(told.stderr).not.toContain(secret)
  })
})

it('a secret of a few letters cannot be typed with -e: it could not be kept out of the journal', async () => {
  const run = siteOf()
  const told = refusal(await run('playbook', 'site', '-e', 'pin_secret=a1'))
  expect(told).toContain('error[secret-short] The secret `pin_secret` has fewer than 4 characters')
  expect(told).not.toContain('a1')
})

it('the passwords of login and become are asked for, never guessed', async () => {
  const run = siteOf()
  expect(refusal(await run('playbook', 'site', '-k'))).toContain('Login password: it cannot be asked for')
  expect(refusal(await run('playbook', 'site', '-K'))).toContain('Become password: it cannot be asked for')
})

it.each<readonly [string, string]>([
  ['a script', 'shell: mysql -p{{ db_password }}'],
  ['a program', 'command: mysql -p{{ db_password }}'],
  ['a list of words', 'command: { argv: [mysql, "{{ db_password }}"] }'],
  ['what a template makes of it', 'shell: echo {{ db_password | b64encode | upper }}'],
])('a secret in a command line is refused by name and place: %s', async (_, step) => {
  const run = siteOf({
    'inventory.yml': withSecret('{ secret: file:secret }'),
    'playbooks/site.yml': `- hosts: all\n  tasks:\n    - name: Step\n      ${step}\n`,
    secret,
  })
  const told = refusal(await run('playbook', 'site'))
  expect(told).toMatch(/playbooks\/site.yml:4:\d+\n/)
  expect(told).toMatch(opened)
  expect(told).toContain('what stands here can be seen, in a command line')
  expect(told).not.toContain(secret)
})
