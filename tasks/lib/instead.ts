// What to write in the place of Ansible's arguments that all tasks of it have that write a file.

export const insteadOnFiles = {
  attr: 'write a `command:` step with `chattr`',
  attributes: 'write a `command:` step with `chattr`',
  selevel: 'write a `command:` step with `chcon`',
  serole: 'write a `command:` step with `chcon`',
  setype: 'write a `command:` step with `chcon`',
  seuser: 'write a `command:` step with `chcon`',
  unsafe_writes: 'remove it: a file takes its place whole',
}

/** Of `command` and `shell`. */
export const insteadOnCommands = {
  stdin_add_newline: 'remove it: `stdin:` goes in as it is written, so write the line break there where one is meant',
  strip_empty_ends: 'remove it: line breaks at the end of what it prints are dropped',
  warn: 'remove it: `run lint` is what warns',
}
