// The keys of a playbook; those that Ansible has and that are not here stand in `unsupported.ts`.

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
