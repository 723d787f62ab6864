// What is measured, in the order of a round: each errand finds the cluster as the one before left it.

export type Errand = { readonly name: string; readonly words: readonly string[] }

export const errands: readonly [Errand, ...Errand[]] = [
  { name: 'dry run before', words: ['playbook', 'install', '--dry-run'] },
  { name: 'first install', words: ['playbook', 'install'] },
  { name: 'second run', words: ['playbook', 'install'] },
  { name: 'dry run after', words: ['playbook', 'install', '--dry-run'] },
]
