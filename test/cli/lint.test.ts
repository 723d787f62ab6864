// `run lint`: faults end with 2, warnings with 0 or 1, and nothing is connected to or asked for.
import { describe, expect, it } from 'vitest'
import { siteOf } from './scratch-site.ts'

const doubtful = '- hosts: all\n  tasks:\n    - name: Make it\n      shell: setup {{ path }}\n'

describe('run lint', () => {
  it('is content with what is right', async () => {
    expect(await siteOf()('lint', 'site')).toEqual({ status: 0, stdout: '0 faults, 0 warnings\n', stderr: '' })
  })

  it('warns, with the line to write instead', async () => {
    const run = siteOf({ 'playbooks/site.yml': doubtful })
    const { status, stdout, stderr } = await run('lint')
    expect([status, stdout]).toEqual([0, '0 faults, 1 warning\n'])
    expect(stderr).toBe(`warning[value-unquoted] This value is read by a shell as a part of the script
  playbooks/site.yml:4:23
    4 |       shell: setup {{ path }}
      |                       ^^^^
  wanted  one word, whatever is in it
  help    write \`{{ path | quote }}\`, without quotes around it

`)
    expect((await run('lint', 'site', '--strict')).status).toBe(1)
  })

  it('tells every fault of every playbook, with 2, also without an inventory', async () => {
    const run = siteOf({
      'inventory.yml': 'not: [right',
      'playbooks/site.yml': '- hosts: all\n  tasks:\n    - name: A\n      file: { pth: /x }\n',
      'playbooks/other.yml': '- hosts: all\n  tasks:\n    - name: B\n      nothing: {}\n    - shell: "{{ x"\n',
    })
    const { status, stdout, stderr } = await run('lint')
    expect([status, stdout]).toEqual([2, '3 faults, 0 warnings\n'])
    for (const code of ['argument-unknown', 'task-unknown', 'template-broken'])
      expect(stderr).toContain(`error[${code}]`)
  })

  it('tells the same as JSON', async () => {
    const { status, stdout, stderr } = await siteOf({ 'playbooks/site.yml': doubtful })('lint', '--format', 'json')
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        severity: 'warning',
        code: 'value-unquoted',
        file: 'playbooks/site.yml',
        line: 4,
        column: 23,
      }),
    ])
  })

  it('warns of a password that a dialogue has written out, whichever step names it, and does not show it', async () => {
    const dialogue = 'prompts:\n  - { expect: "Kennwort:", answer: Geheim-4711 }\n  - { expt: "Weiter?" }\n'
    const { status, stdout, stderr } = await siteOf({ 'dialogues/ours.yml': dialogue })('lint', 'site')
    expect([status, stdout]).toEqual([2, '1 fault, 1 warning\n'])
    expect(stderr).toContain('warning[secret-in-plain-text] The answer to `Kennwort:`')
    expect(stderr).not.toContain('4711')
  })

  it('warns of one in the variables of a play', async () => {
    const text =
      '- hosts: all\n  vars: { db_password: Geheim-4711 }\n  tasks: [{ name: A, debug: { var: db_password } }]\n'
    const { status, stderr } = await siteOf({ 'playbooks/site.yml': text })('lint')
    expect([status, stderr]).toEqual([0, expect.stringContaining('warning[secret-in-plain-text] `db_password`')])
    expect(stderr).not.toContain('4711')
  })

  it('reads no secret and asks nobody for one', async () => {
    const run = siteOf({
      'playbooks/site.yml':
        '- hosts: all\n  vars: { key: { secret: "file:/dev/zero" } }\n  tasks:\n    - file: { path: /x, content: "{{ key }}" }\n',
    })
    expect(await run('lint')).toMatchObject({ status: 0, stderr: '' })
  })

  it('says where there is nothing to read', async () => {
    expect((await siteOf()('lint', 'sit')).stderr).toContain('error[playbook-unknown] There is no playbook `sit`')
  })
})
