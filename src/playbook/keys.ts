// The keys of a playbook, and those that Ansible has and that wait here, with what to write instead.

export const playKeys = [
  'name',
  'hosts',
  'strategy',
  'vars',
  'vars_files',
  'worksheet',
  'reads',
  'become',
  'tags',
  'tasks',
  'handlers',
  'environment',
  'become_user',
  'ignore_errors',
  'no_log',
  'check_mode',
  'diff',
  'timeout',
  'pre_tasks',
  'post_tasks',
  'serial',
  'order',
  'any_errors_fatal',
  'max_fail_percentage',
  'gather_facts',
] as const

export const importKeys = ['import_playbook', 'name', 'tags'] as const

/** Keys of every step. */
export const stepKeys = [
  'name',
  'when',
  'tags',
  'vars',
  'source',
  'run_once',
  'become',
  'ignore_errors',
  'environment',
  'no_log',
  'become_user',
  'check_mode',
  'diff',
  'timeout',
  'loop',
  'loop_control',
  'until',
  'retries',
  'delay',
] as const

export const taskOnlyKeys = ['register', 'notify', 'listen', 'changed_when', 'failed_when', 'args'] as const
export const blockOnlyKeys = ['block', 'rescue', 'always', 'hold'] as const

const oneByOne = 'write `strategy: failover` to take the hosts one after the other'

export const waitingPlayKeys: Readonly<Record<string, string>> = {
  become_method: 'set `ansible_become_method` in the inventory',
  collections: 'remove it: task modules are files in tasks/',
  connection: 'remove it: hosts are reached over SSH',
  force_handlers: 'remove it: after a failure no handler runs; a hold gives back what it took all the same',
  gather_subset: 'remove it: no facts are gathered',
  port: 'set `ansible_port` in the inventory',
  remote_user: 'set `ansible_user` in the inventory',
  roles: 'write the steps of the role below `tasks:`, or in a playbook of its own for `import_playbook:`',
  throttle: oneByOne,
  vars_prompt: 'put the value into the inventory, or give it with -e',
}

export const waitingStepKeys: Readonly<Record<string, string>> = {
  action: 'write the name of the task as the key',
  async: 'tasks wait for what they start',
  become_method: 'set `ansible_become_method` in the inventory',
  delegate_facts: 'write a play for that host',
  delegate_to: 'write a play for that host',
  import_role: 'write the steps of the role here',
  include_role: 'write the steps of the role here',
  include_tasks: 'write `import_tasks:`: all steps are known before anything connects',
  local_action: 'write a play for that host',
  poll: 'tasks wait for what they start',
  throttle: oneByOne,
  with_dict: 'write `loop: "{{ … | dict2items }}"`, and `item.key` and `item.value` in the step',
  with_fileglob: 'write the files as a list below `loop:`',
  with_indexed_items: 'write `loop:`, with `index_var` in `loop_control:`',
  with_items: 'write `loop:`',
  with_list: 'write `loop:`',
  with_nested: 'write a block with a `loop:` around a step with a `loop:`',
  with_sequence: 'write `loop: "{{ range(1, 4) | list }}"`',
  with_subelements: 'write a block with a `loop:` around a step with a `loop:`',
}
