// The crashes that every run of the tests carries out: the first of each kind of event that means something of its own.
import type { Crash } from './crash.ts'
import type { At } from './kill.ts'

const install = (...kills: readonly At[]): Crash => ({ playbook: 'install', kills })

const cluster = (...kills: readonly At[]): Crash => ({ playbook: 'cluster', kills })

const scripts = { step: 'cluster/scripts', host: 'node1' } as const
const installer = { step: 'install/installer', host: 'node1' } as const

export const chosenCrashes: readonly Crash[] = [
  // Nobody knows of the run.
  install({ type: 'run-started', torn: true }),
  install({ type: 'cluster-locked' }),
  install({ type: 'hold-intended' }),
  install({ type: 'step-intended', ...installer }),
  // The program waits for an answer that is written down, and was not typed.
  install({ type: 'prompt-answered', ...installer }),
  install({ type: 'receipt-written' }),
  install({ type: 'step-progressed', step: 'install/agents-test', host: 'node1' }),
  install({ type: 'hold-released' }),
  // Twice: in the installer, and in the resume that watches it.
  install({ type: 'step-intended', step: 'install/installer', host: 'node2' }, { type: 'prompt-answered' }),
  install({ type: 'prompt-answered', ...installer, torn: true }, { type: 'step-ended', torn: true }),
  install({ type: 'run-ended', torn: true }),
  install({ type: 'run-ended' }),
  // The directory has a path, and nothing says so beside the line that was written; data lie in both places.
  install({ type: 'command', step: 'paths/store-path', host: 'node1' }),
  install({ type: 'step-progressed', step: 'paths/old-data', host: 'node1' }),
  // Between the look and the write; right after the modify; between the scripts and the modes; before the copies are seen.
  cluster({ type: 'step-intended', ...scripts }),
  cluster({ type: 'command', ...scripts }, { type: 'step-checked', ...scripts }),
  cluster({ type: 'step-ended', ...scripts }),
  cluster({ type: 'step-ended', step: 'cluster/preferred-nodes-and-modes', host: 'node1' }),
]
