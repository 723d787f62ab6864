// Who the engine itself is on a host: root, as soon as a step there is carried out as somebody else than who logs in.
import { type Outline, stepsOf } from '../plan/outline.ts'
import type { TargetOf } from './targets.ts'

/** Only root becomes whoever it likes without being asked; and what the engine keeps lies where only root writes. */
export const withBaseUsers = (targetOf: TargetOf, { plays }: Outline): TargetOf => {
  const hosts = new Set(
    plays.flatMap(({ allHosts, nodes, handlers }) =>
      [...stepsOf(nodes), ...handlers].some(({ userOn }) => userOn !== undefined) ? allHosts : [],
    ),
  )
  return host => {
    const target = targetOf(host)
    return hosts.has(host) ? { ...target, become: 'root' } : target
  }
}
