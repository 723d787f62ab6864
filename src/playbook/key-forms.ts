// What may stand behind each key of a playbook, in a word, and what it is for: for editors and whoever asks. That the
// parser takes and refuses the same is held by a test.
import type { blockOnlyKeys, importKeys, playKeys, stepKeys, taskOnlyKeys } from './keys.ts'
import { hostOrders } from './playbook.ts'

export type KeyForm =
  | 'text'
  | 'texts'
  | 'name'
  | 'truth'
  | 'only true'
  | 'only false'
  | 'conditions'
  | 'variables'
  | 'environment'
  | 'user'
  | 'steps'
  | 'handlers'
  | 'seconds'
  | 'wait'
  | 'count'
  | 'share'
  | 'serial'
  | 'loop'
  | 'loop control'
  | 'hold'
  | 'arguments'
  | readonly string[]

export type KeyTold = { readonly is: KeyForm; readonly says: string }

type Told<Key extends string> = Readonly<Record<Key, KeyTold>>

type WayKey = Extract<(typeof playKeys)[number], (typeof stepKeys)[number]>

/** At plays, blocks and tasks. */
const way: Told<Exclude<WayKey, 'name' | 'vars' | 'tags'>> = {
  become: { is: 'truth', says: 'it is carried out as root, or as `become_user`' },
  become_user: { is: 'user', says: 'as whom it is carried out' },
  environment: { is: 'environment', says: 'found by every command of the step; a secret is refused' },
  ignore_errors: { is: 'truth', says: 'a failure does not end it; it is told all the same' },
  no_log: { is: 'truth', says: 'what it is given, sees and hands on is told nowhere' },
  check_mode: { is: 'only true', says: 'only looked at, also in a run' },
  diff: { is: 'truth', says: '`false`: a run does not show what its changes are made of' },
  timeout: { is: 'seconds', says: 'seconds that a command may take' },
}

const tags: KeyTold = { is: 'texts', says: 'words for `--tags`; `always` and `never` mean what they mean in Ansible' }

export const playForms: Told<(typeof playKeys)[number]> = {
  ...way,
  name: { is: 'text', says: 'how it is told' },
  hosts: { is: 'texts', says: 'a pattern: `failover_list`, `all`, a group or a host; with `:`, `!`, `&`' },
  strategy: {
    is: ['linear', 'failover'],
    says: '`failover`: one node after the other, in the order of the failover list',
  },
  vars: { is: 'variables', says: 'variables of all its steps' },
  vars_files: { is: 'texts', says: 'files of variables, beside the playbook; they count more than `vars`' },
  worksheet: { is: 'text', says: 'the schema that the values of a site are held to' },
  reads: { is: 'truth', says: 'nothing is changed: what is not as it should be is a finding' },
  tags,
  tasks: { is: 'steps', says: 'the steps' },
  pre_tasks: { is: 'steps', says: 'steps before `tasks`, and before their handlers' },
  post_tasks: { is: 'steps', says: 'steps after `tasks` and their handlers' },
  handlers: { is: 'handlers', says: 'steps that run where they are notified' },
  serial: { is: 'serial', says: 'hosts at a time: a number, a share such as 30%, or a list of these' },
  order: { is: hostOrders, says: 'the order of the hosts; without it as the pattern has them' },
  any_errors_fatal: { is: 'truth', says: 'a failure ends the run for all hosts' },
  max_fail_percentage: { is: 'share', says: 'the run ends when a larger share of a batch has failed' },
  gather_facts: { is: 'only false', says: 'no facts are gathered' },
}

export const importForms: Told<(typeof importKeys)[number]> = {
  import_playbook: { is: 'text', says: 'a playbook beside this one, whose plays stand here' },
  name: { is: 'text', says: 'how it is told' },
  tags,
}

export const stepForms: Told<(typeof stepKeys)[number]> = {
  ...way,
  name: { is: 'text', says: 'how it is told, and its address: `install/mount-point`' },
  when: { is: 'conditions', says: 'an expression without braces; all of a list have to hold' },
  tags,
  vars: { is: 'variables', says: 'variables of this step' },
  source: { is: 'text', says: 'where the manual speaks of it' },
  run_once: { is: 'truth', says: 'on the first host alone; the others get its result' },
  loop: { is: 'loop', says: 'a list, or a template that gives one; each `item` is a step with an address of its own' },
  loop_control: { is: 'loop control', says: 'what each item is called and how it is told' },
  until: { is: 'conditions', says: 'it is tried again until this holds' },
  retries: { is: 'count', says: 'how often it is tried again; 3 unless told' },
  delay: { is: 'wait', says: 'seconds between two tries; 5 unless told' },
}

export const taskForms: Told<(typeof taskOnlyKeys)[number]> = {
  register: { is: 'name', says: 'the name that its result has for later steps' },
  notify: { is: 'texts', says: 'handlers that run when it changes something' },
  listen: { is: 'texts', says: 'of a handler: words that notify it too' },
  changed_when: { is: 'conditions', says: 'what counts as a change' },
  failed_when: { is: 'conditions', says: 'what counts as a failure' },
  args: { is: 'arguments', says: 'more arguments of the task' },
}

export const blockForms: Told<(typeof blockOnlyKeys)[number]> = {
  block: { is: 'steps', says: 'steps that belong together' },
  rescue: { is: 'steps', says: 'steps for when one of the block fails' },
  always: { is: 'steps', says: 'steps at the end in any case' },
  hold: { is: 'hold', says: 'something that one node at a time has while the steps run' },
}
