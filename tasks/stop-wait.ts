// Sees that the unload script waits longer for an agent than its stop took when that was measured on the node.
import { same, task, z } from '#task'
import { assertWaits, proposeStopWait } from './lib/cluster-scripts/waits.ts'

const seconds = z.int().min(1)
const measured = z.looseObject({ stop_ms: z.number() })

export default task({
  name: 'stop-wait',
  summary: 'See that the wait before the kill is longer than a stop of the agents',
  example: `
- name: Wait before the kill
  stop-wait: { stop_wait: 8, measured_by: install/agents-test }
`,
  onlyLooks: true,
  args: z.strictObject({
    stop_wait: seconds.meta({ description: 'seconds that the agents have to stop by themselves' }),
    kill_wait: seconds.default(3).meta({ description: 'seconds after TERM, and again after KILL' }),
    unload_timeout: seconds.optional().meta({ description: 'seconds, of the cluster resource' }),
    measured_by: z.string().meta({ description: 'address of the step that measured the stop, such as `install/test`' }),
  }),

  async check({ proof, args: { stop_wait, kill_wait, unload_timeout, measured_by } }) {
    const result = measured.safeParse(await proof.resultOf(measured_by))
    if (!result.success) return same(`no stop was measured on this node by ${measured_by}; ${stop_wait} s are set`)
    const { stop_ms } = result.data
    assertWaits({ stop_wait, kill_wait }, { stopMs: stop_ms, unloadTimeoutSeconds: unload_timeout })
    const proposed = proposeStopWait(stop_ms, { kill_wait, unloadTimeoutSeconds: unload_timeout })
    return same(`a stop took ${(stop_ms / 1000).toFixed(1)} s; ${proposed} s are proposed, ${stop_wait} s are set`)
  },

  async apply() {},
})
