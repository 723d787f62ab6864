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
  nested: 'write `loop: "{{ … | product(…) | list }}"`',
  password: 'name the secret by where it is kept: `{ secret: file:PATH }`',
  pipe: 'register what a `command:` step prints, or put the value into a variable',
  random_choice: 'write which one is meant: a plan has to be the same each time',
  sequence: 'write `range(1, 4) | list`',
  subelements: 'write `loop: "{{ … | subelements(\'NAME\') }}"`',
  template: 'write a `template:` step, or `{{ }}` in a variable',
  together: 'write a list of mappings, with what belongs together in each',
  unvault: 'put the text into an encrypted variable',
  url: 'register what a `command:` step with `curl` prints',
  varnames: 'name the variable itself',
  vars: 'name the variable itself',
}

const oneMeant = 'write which one is meant: a plan has to be the same each time'
const noHtml = 'remove it: what is written here is no HTML'
const onNode = 'write the whole path; what is on a node is told by a `stat:` step that is registered'
const byStat =
  'it would look at this machine: register a `stat:` step, and ask its result, such as `result.stat.exists`'
const noCollection = 'it is of no collection that is here: write it with `selectattr`, `map` and `regex_search`'
const byDate = 'register what a `command:` step with `date` and `reads: true` prints'
const encryptedValue = 'put the text into an encrypted variable'
const shown = 'remove it: `run explain var NAME --host H` shows a value'

/** Filters. */
export const unsupportedFilters: Readonly<Record<string, string>> = {
  attr: 'write the name behind a dot, or in brackets',
  e: noHtml,
  escape: noHtml,
  expanduser: onNode,
  expandvars: onNode,
  fileglob: onNode,
  filesizeformat: 'write `human_readable`',
  forceescape: noHtml,
  ipaddr: noCollection,
  json_query: noCollection,
  password_hash: 'put the hash itself into the inventory, as a secret',
  pprint: 'write `to_nice_json`',
  random: oneMeant,
  realpath: onNode,
  safe: noHtml,
  shuffle: oneMeant,
  strftime: byDate,
  striptags: noHtml,
  to_datetime: byDate,
  to_uuid: 'write the identifier into the inventory',
  tojson: 'write `to_json`',
  type_debug: shown,
  unvault: encryptedValue,
  urlize: noHtml,
  urlsplit: 'write `regex_search` with a group for the part that is meant',
  vault: encryptedValue,
  win_basename: 'write `regex_replace`: paths of nodes have a `/`',
  win_dirname: 'write `regex_replace`: paths of nodes have a `/`',
  win_splitdrive: 'write `regex_replace`: paths of nodes have a `/`',
  xmlattr: noHtml,
}

/** Tests. */
export const unsupportedTests: Readonly<Record<string, string>> = {
  callable: shown,
  directory: byStat,
  escaped: noHtml,
  exists: byStat,
  file: byStat,
  filter: shown,
  finished: 'remove it: a step waits for what it starts',
  is_dir: byStat,
  is_file: byStat,
  is_link: byStat,
  is_mount: byStat,
  link: byStat,
  link_exists: byStat,
  mount: byStat,
  reachable: 'remove it: a host that does not answer does not go on',
  same_file: byStat,
  samefile: byStat,
  started: 'remove it: a step waits for what it starts',
  test: shown,
  unreachable: 'remove it: a host that does not answer does not go on',
  uri: "write `is match('[a-z]+://')`",
  url: "write `is match('[a-z]+://')`",
  urn: "write `is match('urn:')`",
  vault_encrypted: encryptedValue,
  vaulted_file: encryptedValue,
}

const looseVersions = 'remove it: numbers are compared as numbers, and what stands between them as texts'
const lineBefore = 'write `---` on a line of its own before it'
const lineBehind = 'write `...` on a line of its own behind it'

/** Arguments of filters and tests. */
export const unsupportedArguments: Readonly<Record<string, string>> = {
  'to_nice_yaml(explicit_end)': lineBehind,
  'to_nice_yaml(explicit_start)': lineBefore,
  'to_yaml(explicit_end)': lineBehind,
  'to_yaml(explicit_start)': lineBefore,
  'version(strict)': looseVersions,
  'version(version_type)': looseVersions,
  'version_compare(strict)': looseVersions,
  'version_compare(version_type)': looseVersions,
}

/** Functions. */
export const unsupportedFunctions: Readonly<Record<string, string>> = {
  caller: 'write a macro with an argument for the text',
  cycler: 'write `loop.cycle(…)` in a loop',
  joiner: 'write `join`, or `{% if not loop.last %}` in a loop',
  lipsum: 'write the text',
  now: byDate,
  super: 'write all of it into one template',
  undef: "write `mandatory('what has to be given')` where the variable is used",
}

const oneTemplate = 'write all of it into one template, or fill a part in with a `template:` step of its own'

/** Statements. */
export const unsupportedStatements: Readonly<Record<string, string>> = {
  autoescape: noHtml,
  block: oneTemplate,
  break: 'write `{% for … if … %}` to say which items are meant',
  call: 'write a macro with an argument for the text',
  continue: 'write `{% for … if … %}` to say which items are meant',
  debug: shown,
  do: 'write `{% set … %}`, with a `namespace` where it is set within a loop',
  extends: oneTemplate,
  from: oneTemplate,
  import: oneTemplate,
  include: oneTemplate,
  trans: 'write the text',
}

const fact = 'no facts are gathered: look at it in a step and register that, or write it into the inventory'
const inRescue = 'it is there in the steps of a `rescue:`'
const noRoles = 'write the text: there are no roles'
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
  ansible_failed_result: inRescue,
  ansible_failed_task: inRescue,
  ansible_forks: 'remove it: how many hosts work at a time is decided by whoever starts the run',
  ansible_index_var: 'write the name itself that `index_var` has in `loop_control:`',
  ansible_limit: 'remove it: which hosts are taken is decided by whoever starts the run',
  ansible_loop: 'write `loop_control: { extended: true }` beside the `loop:`',
  ansible_loop_var: 'write the name itself that `loop_var` has in `loop_control:`, or `item`',
  ansible_managed: 'write the text itself, or set `ansible_managed` in `vars:` of the inventory',
  ansible_play_batch: named,
  ansible_play_hosts: named,
  ansible_play_hosts_all: named,
  ansible_play_name: 'write the text',
  ansible_role_name: noRoles,
  ansible_run_tags: 'write `tags:` at the step',
  ansible_skip_tags: 'write `tags:` at the step',
  ansible_verbosity: 'remove it: what is shown is decided by whoever starts the run',
  ansible_version: 'remove it: this is not Ansible',
  inventory_dir: besides,
  inventory_file: besides,
  play_hosts: named,
  playbook_dir: besides,
  role_path: besides,
  vars: 'name the variable itself',
}

/** Names that Ansible and the inventory have for the connection: the inventory can give each of them. */
const ofConnection =
  /^ansible_(?:become|connection$|group_priority$|host$|host_key_checking$|password$|port$|ssh_(?!host_key_)|user$)/

/** What to write instead of a variable that Ansible sets by itself: what it finds out about a host has many names. */
export const insteadOfVariable = (name: string): string | undefined => {
  if (Object.hasOwn(unsupportedVariables, name)) return unsupportedVariables[name]
  return name.startsWith('ansible_') && !ofConnection.test(name) ? fact : undefined
}
