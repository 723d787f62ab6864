// What a program imports from `runbook-run/lab`. It is beside what runs playbooks, in the bundle of the command.
import { command } from './bundle.ts'
import type { OpenLab } from './lab-words.ts'

export type { HostShell } from '../../shell/host-shell.ts'
export type { OpenedLab, OpenLab, OpenLabOptions } from './lab-words.ts'

export const openLab: OpenLab = command.openLab
