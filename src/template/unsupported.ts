// What expressions can name in Ansible and not here, each with what to write instead: docs/not-supported.md is made of it.

/** What `lookup` can be asked for there. */
export const unsupportedLookups: Readonly<Record<string, string>> = {
  config: 'write the value into the inventory',
  csvfile: 'put the table into a file of variables for `vars_files:`',
  dict: 'write `NAME | dict2items`',
  fileglob: 'write the names of the files',
  first_found: 'name the file in the inventory, for each host or group',
  indexed_items: 'write a `loop:` with `index_var` in `loop_control:`',
  ini: 'put the values into a file of variables for `vars_files:`',
  inventory_hostnames: 'write `groups.NAME`',
  items: 'name the list itself',
  lines: 'register what a `command:` step prints, or put the value into a variable',
  list: 'name the list itself',
  nested: 'write a block with a `loop:` around a step with a `loop:`',
  password: 'name the secret by where it is kept: `{ secret: file:PATH }`',
  pipe: 'register what a `command:` step prints, or put the value into a variable',
  random_choice: 'write which one is meant: a plan has to be the same each time',
  sequence: 'write `range(1, 4) | list`',
  subelements: 'write a block with a `loop:` around a step with a `loop:`',
  template: 'write a `template:` step, or `{{ }}` in a variable',
  together: 'write a list of mappings, with what belongs together in each',
  unvault: 'put the text into an encrypted variable',
  url: 'register what a `command:` step with `curl` prints',
  varnames: 'name the variable itself',
  vars: 'name the variable itself',
}

const fact = 'no facts are gathered: look at it in a step and register that, or write it into the inventory'
const named = 'name the group that is meant, such as `groups.NAME`'
const besides = 'write the path alone: files are looked for beside the playbook'

/** Variables that it sets by itself. */
export const unsupportedVariables: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['architecture', 'date_time', 'default_ipv4', 'distribution', 'distribution_version', 'env', 'facts', 'fqdn'].map(
      each => [`ansible_${each}`, fact],
    ),
  ),
  ...Object.fromEntries(
    ['hostname', 'interfaces', 'kernel', 'memtotal_mb', 'mounts', 'os_family', 'pkg_mgr', 'service_mgr', 'user_id'].map(
      each => [`ansible_${each}`, fact],
    ),
  ),
  ansible_check_mode: 'remove it: in a dry run each step says what it would do',
  ansible_diff_mode: 'remove it: what is shown is decided by whoever starts the run',
  ansible_limit: 'remove it: which hosts are taken is decided by whoever starts the run',
  ansible_play_batch: named,
  ansible_play_hosts: named,
  ansible_play_hosts_all: named,
  ansible_run_tags: 'write `tags:` at the step',
  ansible_version: 'remove it: this is not Ansible',
  inventory_dir: besides,
  inventory_file: besides,
  now: 'register what a `command:` step with `date` and `reads: true` prints',
  play_hosts: named,
  playbook_dir: besides,
  role_path: besides,
}
