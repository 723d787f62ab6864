// Flags that `ansible-playbook` has and this program has not: what to type or to write instead.

const inInventory = (variable: string): string => `write \`${variable}\` into the inventory, or \`-e ${variable}=…\``

const login = inInventory('ansible_user')
const key = inInventory('ansible_ssh_private_key_file')
const patience = 'leave it out: a node has ten seconds to answer'
const become = 'write `become: true` into the play or the step, or `ansible_become` into the inventory'

/** By the flag as it is typed. */
const instead: Readonly<Record<string, string>> = {
  '--list-hosts': 'type `--dry-run`, which tells each node; `run inventory list` tells those of the inventory',
  '--list-tasks': 'type `--dry-run`, which tells each step on each node',
  '--list-tags': 'press Tab behind `--tags`: completion proposes them (`run completion`)',
  '--syntax-check': 'type `run lint NAME`, which connects to nothing',
  '--start-at-task': 'type `--from STEP`',
  '--step': 'type `--confirm`, which asks before each step that is due',
  '-b': become,
  '--become': become,
  '--become-user': inInventory('ansible_become_user'),
  '--become-method': inInventory('ansible_become_method'),
  '--become-password-file': 'write `ansible_become_password: { secret: file:PATH }` into the inventory',
  '-u': login,
  '--user': login,
  '--private-key': key,
  '--key-file': key,
  '--become-pass-file': 'write `ansible_become_password: { secret: file:PATH }` into the inventory',
  '--conn-pass-file': 'write `ansible_password: { secret: file:PATH }` into the inventory',
  '--connection-password-file': 'write `ansible_password: { secret: file:PATH }` into the inventory',
  '-T': patience,
  '--timeout': patience,
  '--ssh-common-args': 'write what they say into `~/.ssh/config`',
  '--ssh-extra-args': 'write what they say into `~/.ssh/config`',
  '--scp-extra-args': 'leave it out: files go over the connection that is there',
  '--sftp-extra-args': 'leave it out: files go over the connection that is there',
  '--inventory-file': 'type `--inventory FILE`',
  '--vault-pass-file': 'type `--vault-password-file FILE`',
  '--ask-vault-password': 'type `--ask-vault-pass`',
  '-c': 'leave it out: nodes are reached by SSH',
  '--connection': 'leave it out: nodes are reached by SSH',
  '--flush-cache': 'leave it out: nothing that was known of nodes is kept',
  '--force-handlers': 'put what has to be done after a failure too into `always:` of a block',
  '-M': 'put tasks of your own into `tasks/`, beside `run.yml`',
  '--module-path': 'put tasks of your own into `tasks/`, beside `run.yml`',
}

/** What to do in the place of a flag; nothing for one that Ansible has not either. */
export const insteadOfFlag = (typed: string): string | undefined => instead[typed.replace(/=.*$/s, '')]
