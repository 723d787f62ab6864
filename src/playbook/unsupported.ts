// What Ansible's language has and this one has not, each by its name, with what to write instead. One table for all of it:
// the parser refuses by it, and docs/not-supported.md is made of it.

type Instead = Readonly<Record<string, string>>

const oneByOne = 'write `strategy: failover` to take the hosts one after the other'
const ownPlay = 'write a play for that host'
const waits = 'remove it: a step waits for what it starts'
const known = 'all steps are known before anything connects'

/** Wherever a user, a connection or a default is named. */
const anywhere: Instead = {
  become_exe: 'remove it: `sudo` or `su` is found by its name on the node',
  become_flags: 'remove it: `sudo` or `su` starts a plain shell of the user',
  become_method: 'set `ansible_become_method` in the inventory',
  collections: 'remove it: task modules are files in tasks/',
  connection: 'remove it: hosts are reached over SSH',
  debugger: 'remove it: `run resume` goes on where a run has ended, and `run step` repeats one step',
  ignore_unreachable: 'remove it: of a host that does not answer nothing is known, so it does not go on',
  module_defaults: 'write the arguments at each step, or an anchor of YAML (`<<: *name`)',
  port: 'set `ansible_port` in the inventory',
  remote_user: 'set `ansible_user` in the inventory',
  sudo: 'write `become: true`',
  sudo_user: 'write `become: true` with `become_user:`',
  throttle: oneByOne,
}

const ofPlays: Instead = {
  ...anywhere,
  fact_path: 'remove it: no facts are gathered',
  force_handlers: 'remove it: after a failure no handler runs; a hold gives back what it took all the same',
  gather_subset: 'remove it: no facts are gathered',
  gather_timeout: 'remove it: no facts are gathered',
  roles: 'write the steps of the role below `tasks:`, or in a playbook of its own for `import_playbook:`',
  run_once: 'write it at the steps, or at a block around them',
  user: 'set `ansible_user` in the inventory',
  vars_prompt: 'put the value into the inventory, or give it with -e',
}

/** What stands where the name of a task does. */
const ofActions: Instead = {
  action: 'write the name of the task as the key',
  add_host: 'write the host into the inventory',
  async_status: waits,
  gather_facts: 'remove it: what a step needs of a node, another one looks at and registers',
  group_by: 'write the groups into the inventory',
  import_playbook: 'write it at the left margin, as a play of its own: `- import_playbook:`',
  import_role: 'write the steps of the role here, or in a file for `import_tasks:`',
  include: `write \`import_tasks:\`: ${known}`,
  include_role: 'write the steps of the role here, or in a file for `import_tasks:`',
  include_tasks: `write \`import_tasks:\`: ${known}`,
  include_vars: 'write `vars_files:` at the play',
  local_action: 'write a play for that host',
  ping: 'remove it: `run doctor` asks each node whether it answers',
  setup: 'remove it: what a step needs of a node, another one looks at and registers',
  wait_for_connection: 'remove it: where a connection was lost, the next step makes another one',
}

const ofSteps: Instead = {
  ...anywhere,
  any_errors_fatal: 'write it at the play',
  async: waits,
  delegate_facts: ownPlay,
  delegate_to: ownPlay,
  poll: waits,
  with_dict: 'write `loop: "{{ … | dict2items }}"`, and `item.key` and `item.value` in the step',
  with_file: "write the names below `loop:`, and `lookup('file', item)` in the step",
  with_fileglob: 'write the files as a list below `loop:`',
  with_first_found: 'name the file in the inventory, for each host or group',
  with_flattened: 'write `loop: "{{ … | flatten }}"`',
  with_indexed_items: 'write `loop:`, with `index_var` in `loop_control:`',
  with_inventory_hostnames: 'write `loop: "{{ groups.NAME }}"`',
  with_items: 'write `loop:`',
  with_lines: 'write a list below `loop:`',
  with_list: 'write `loop:`',
  with_nested: 'write `loop: "{{ … | product(…) | list }}"`',
  with_random_choice: 'write which one is meant: a plan has to be the same each time',
  with_sequence: 'write `loop: "{{ range(1, 4) | list }}"`',
  with_subelements: 'write `loop: "{{ … | subelements(\'NAME\') }}"`',
  with_together: 'write a list of mappings below `loop:`, with what belongs together in each',
}

const intoBlock = 'write the steps that come after it into a block with `when:`'

const ofMeta: Instead = {
  clear_facts: 'remove it: no facts are kept',
  clear_host_errors: 'remove it: a host that has failed does not go on; a block with `rescue:` deals with a failure',
  end_batch: intoBlock,
  end_host: intoBlock,
  noop: 'remove it: nothing happens there',
  refresh_inventory: 'remove it: the inventory is read once, before anything connects',
  reset_connection: 'remove it: where a connection was lost, the next step makes another one',
}

const ofStrategies: Instead = {
  debug: 'remove it: `run resume` goes on where a run has ended, and `run step` repeats one step',
  free: 'remove it: hosts wait for one another after each step, so that a plan says what comes when',
  host_pinned: oneByOne,
}

const ofLoopControl: Instead = {
  break_when: 'say with `when:` which items are meant',
  pause: 'write a block with the `loop:`, and a step in it that waits',
}

const ofImportedTasks: Instead = { ...ofActions, ...ofSteps, loop: 'write a block with the `loop:` around it' }

const ofImportedPlaybooks: Instead = {
  vars: 'write `vars:` in the plays of that file',
  when: 'write `when:` at the steps',
}

/** By the place where somebody writes it. */
export const unsupported = {
  plays: ofPlays,
  steps: ofSteps,
  actions: ofActions,
  import_tasks: ofImportedTasks,
  import_playbook: ofImportedPlaybooks,
  meta: ofMeta,
  strategy: ofStrategies,
  loop_control: ofLoopControl,
} as const satisfies Readonly<Record<string, Instead>>

/** What to write instead of a name, where it is one of a table. */
export const insteadOf = (names: Instead, name: string): string | undefined =>
  Object.hasOwn(names, name) ? names[name] : undefined
