// A dialogue inside a step: each answer is written down before it is typed, and a secret one is masked.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Secret } from '../../src/model/secret.ts'
import type { Dialogue } from '../../src/shell/dialogue.ts'
import type { Terminal } from '../../src/shell/host-shell.ts'
import { due, same } from '../../src/task/answers.ts'
import { task } from '../../src/task/task.ts'
import { carry } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'

const dialogue: Dialogue = {
  prompts: [
    { name: 'tree', expect: 'Tree: ', answer: 'ACME' },
    { name: 'password', expect: 'Password: ', answer: 'canary-4711', secret: true },
  ],
  settleMs: 1,
}

const install = task({
  name: 'install',
  summary: 'Answer a program',
  args: z.object({}),
  async check({ proof }) {
    const proved = await proof.stands()
    return proved.stands ? same(proved.because) : due(proved.because)
  },
  async apply({ converse }) {
    await converse(dialogue, { command: 'installer', variables: {} })
  },
})

/** Asks for the tree, then for the password, then it ends. */
const program = (log: string[]): Terminal => {
  let tell = (_: string, _shown: number) => {}
  let end = (_: number) => {}
  const replies = ['\nPassword: ', '\nDone.\n']
  return {
    onOutput(listener) {
      tell = listener
      listener('Tree: ', 0)
    },
    async write(text) {
      log.push(`typed ${text instanceof Secret ? 'a secret' : JSON.stringify(text)}`)
      tell(replies.shift() ?? '', 0)
      if (replies.length === 0) end(0)
    },
    end: async () => end(143),
    exited: new Promise(resolve => {
      end = resolve
    }),
  }
}

describe('a dialogue', () => {
  it('has each answer in the journal before it is typed, and no secret anywhere', async () => {
    const cluster = memoryCluster(['node1'])
    const log: string[] = []
    const nodes = {
      ...cluster.nodes,
      shell: async (host: string) => ({ ...(await cluster.nodes.shell(host)), terminal: async () => program(log) }),
    }
    const { exitCode, events } = await carry(
      outline(['node1'], play(['node1'], [step('Install', install)])),
      { ...cluster, nodes },
      {
        voiceOf: () => ({ answerOf: ({ answer = '', secret }) => (secret ? new Secret('password', answer) : answer) }),
        onEvent(event) {
          if (event.type === 'prompt-answered')
            log.push(`written ${event.prompt}: ${event.answer}, ${event.count?.at} of ${event.count?.of}`)
          if (event.type === 'step-intended') log.push('intended')
        },
      },
    )
    expect(exitCode).toBe(0)
    expect(log).toEqual([
      'intended',
      'written tree: ACME, 1 of 2',
      'typed "ACME\\r"',
      'written password: ••••••, 2 of 2',
      'typed a secret',
    ])
    expect(JSON.stringify(events)).not.toContain('canary')
  })
})
