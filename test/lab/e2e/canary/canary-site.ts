// A site with a canary in every place that can keep a secret, and playbooks that use it wherever one can stand.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync } from 'node:fs'
import { paths } from '../../../../lab/words.ts'
import { encrypt } from '../../../../src/text/vault.ts'
import { type FaultySite, openFaultySite } from '../../faults/faulty-site.ts'
import { canaryOf } from './canaries.ts'

const vaulted = (text: string): string => encrypt(Buffer.from(text), canaryOf('vaultpassword'))

const inlineValue = (text: string): string => `!vault |\n${vaulted(text).trimEnd().replace(/^/gm, '        ')}`

const yaml = (text: string): string => `'${text.replaceAll("'", "''")}'`

const variables = (): string => `
    from_env: { secret: env:CANARY }
    from_file: { secret: file:kept/file }
    from_command: { secret: "command:cat kept/command" }
    from_vaulted_file: { secret: file:kept/vaultsecret }
    from_vault: ${inlineValue(canaryOf('vaultvalue'))}
    plain_password: ${yaml(canaryOf('plaintext'))}
    deep: { list: [{ secret: file:kept/file }, plain] }
`

const good = `
- name: Canaries
  hosts: all
  vars_files: [kept/vars.yml]
  vars:
    in_play: { secret: file:kept/inplay }
    mixed: "{{ from_env }}:{{ from_vault | upper }}:{{ deep.list | join(',') }}"
  tasks:
    - name: Content
      file: { path: /etc/canary, mode: "0600", content: "{{ mixed }} {{ from_vars_file }} {{ from_extra }}\\n" }
      notify: Handler
    - name: Content of another
      file: { path: /etc/canary-play, mode: "0600", content: "{{ in_play | b64encode }} {{ plain_password }}" }
    - name: Input
      command: { cmd: cat, stdin: "{{ from_command }}" }
      register: said
    - name: Encoded
      shell: { cmd: "tee /dev/stderr | base64 -w0; echo", stdin: "{{ from_vaulted_file }}" }
    - name: In hex
      shell: { cmd: "od -An -v -tx1 | tr -d ' \\n'", stdin: "{{ from_file }}" }
      register: hex
    - name: Made by a template
      shell: { cmd: cat, stdin: "{{ from_vault | upper }} {{ from_vault | reverse }}" }
    - name: Condition
      when: from_env != 'x' and said.stdout != from_file and 'Vogel' not in hex.stdout
      shell: { cmd: cat >/dev/null, stdin: "{{ from_env | b64encode }}" }
    - name: Told what holds
      assert: { that: "{{ from_env != from_file }}" }
  handlers:
    - name: Handler
      shell: { cmd: cat, stdin: "{{ mixed | b64encode }}" }
`

const play = (step: string): string => `
- name: Broken
  hosts: all
  vars_files: [kept/vars.yml]
  vars: { in_play: { secret: file:kept/inplay } }
  tasks:
    - name: Before
      shell: { cmd: cat, stdin: "{{ from_env }}{{ in_play }}" }
    - name: Step
      ${step}
`

/** Whatever a task says of its failure, the canary is in what the program said. */
const failing = play('shell: { cmd: "tee /dev/stderr; exit 3", stdin: "{{ from_vault }} {{ from_vars_file }}" }')
const endless = play('shell: { cmd: "cat; sleep 60", stdin: "{{ from_vault }} {{ plain_password }}" }')

/** Where a secret would be seen it is refused, by name and place. */
export const refusedSteps: readonly (readonly [string, string])[] = [
  ['a script', 'shell: echo {{ from_env }}'],
  ['the words of a program', 'command: echo {{ from_vault }}'],
  ['a path', 'file: { path: "/etc/{{ from_file }}", state: absent }'],
  ['what is told where something does not hold', 'assert: { that: false, fail_msg: "{{ from_command }}" }'],
  ['what a person is told', 'by-hand: { text: "type {{ from_env }}" }'],
  ['a condition as a value', 'assert: { that: "{{ from_env }}" }'],
  ['the name of a key', `assert: { that: "{{ {from_env: 1} | length == 1 }}" }`],
  ['a variable that it names', `assert: { that: "{{ deep[from_env] == 1 }}" }`],
]

export const openCanarySite = async (): Promise<FaultySite> => {
  const site = await openFaultySite({ sshd: true })
  const { write } = site
  write('kept/password', `${canaryOf('vaultpassword')}\n`)
  write('kept/file', `${canaryOf('file')}\n`)
  write('kept/command', `${canaryOf('command')}\n`)
  write('kept/vaultsecret', vaulted(`${canaryOf('vaultsecret')}\n`))
  write('playbooks/kept/inplay', canaryOf('inplay'))
  write('playbooks/kept/vars.yml', vaulted(`from_vars_file: ${yaml(canaryOf('vaultfile'))}\n`))
  write('kept/extra.yml', vaulted(`from_extra: ${yaml(canaryOf('extra'))}\n`))
  write('run.yml', 'inventory: canary.yml\nvault_ids: [site@kept/password]\n')
  write('canary.yml', `provider: lab\nall:\n  hosts: { node1: , node2: }\n  vars:${variables()}`)
  write(
    'asking.yml',
    `provider: lab\nall:\n  hosts: { node1: , node2: }\n  vars:${variables()}    asked: { secret: ask }\n`,
  )
  write('playbooks/good.yml', good)
  write('playbooks/failing.yml', failing)
  write('playbooks/endless.yml', endless)
  write('playbooks/asking.yml', good.replace('{{ mixed }} ', '{{ mixed }} {{ asked }} '))
  for (const [index, [, step]] of refusedSteps.entries()) write(`playbooks/refused-${index}.yml`, play(step))
  write('become.yml', becoming(site))
  write('kept/passphrase', `${canaryOf('passphrase')}\n`)
  lockKey(site)
  write('playbooks/become.yml', becomes)
  cpSync(paths(site.lab.dir).knownHosts, `${site.dir}/.ssh/known_hosts`)
  chmodSync(`${site.dir}/kept`, 0o700)
  return site
}

const becomes = `
- name: Become
  hosts: all
  tasks:
    - { name: Who, shell: { cmd: "id -un >/etc/became; cat", creates: /etc/became, stdin: "nothing" } }
`

const becoming = ({ lab }: FaultySite): string => {
  const login = `ansible_host: 127.0.0.1, ansible_port: ${lab.nodes[0]?.port}, ansible_user: nvlmsgr, ansible_become: true`
  return `all:\n  hosts:\n    node1: { ${login}, ansible_ssh_private_key_file: kept/key, ansible_ssh_private_key_passphrase: { secret: file:kept/passphrase } }\n`
}

/** The lab's key once more, behind a passphrase. */
const lockKey = ({ dir, lab }: FaultySite): void => {
  cpSync(paths(lab.dir).key, `${dir}/kept/key`)
  chmodSync(`${dir}/kept/key`, 0o600)
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', canaryOf('passphrase'), '-f', `${dir}/kept/key`], {
    stdio: 'ignore',
  })
}

/** Files in which a canary has its place. */
export const isKept = (path: string): boolean => /\/(kept\/|canary\.yml$|asking\.yml$)/.test(path)
