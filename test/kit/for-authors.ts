// What the author of a task tries it with, in tests of any runner: the package's `runbook-run/kit`.
export {
  type Applied,
  type ApplyOptions,
  answerOf,
  apply,
  cannotBeTold,
  problemOf,
  type Scene,
  type Things,
} from './fake-world.ts'
export { type Sandbox, sandboxHost } from './sandbox-host.ts'
export { type Reply, type Row, type ScriptedHost, scriptedHost } from './scripted-host.ts'
export { type Tried, tryOn } from './try-on.ts'
