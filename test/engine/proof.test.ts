// What another step measured on the same node, told by its receipt: asked for by name, and named among the grounds.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { same } from '../../src/task/answers.ts'
import { task } from '../../src/task/task.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { act } from '../kit/things.ts'

const ask = task({
  name: 'ask',
  summary: 'Tell what another step found',
  args: z.object({ of: z.string() }),
  check: async ({ proof, args }) => same(JSON.stringify((await proof.resultOf(args.of)) ?? 'nothing')),
  async apply() {},
})

const all = [step('Measure', act, { args: { set: 'a' } }), step('Ask', ask, { args: { of: 'test/measure' } })]

describe('what another step found', () => {
  it('is told once it is done, by its receipt, and in every run after', async () => {
    const cluster = memoryCluster()
    for (const _ of ['first', 'second']) {
      const carried = await carry(outline(['node1'], play(['node1'], all)), cluster)
      expect(carried.ended('ask@node1')).toMatchObject({
        outcome: 'same',
        because: '{"set":"a"}',
        evidence: 'attested',
      })
      const checked = carried.of('step-checked').filter(event => event.step === 'test/ask')
      expect(checked[0]?.looks).toMatchObject([{ kind: 'receipt', key: 'test/measure', origin: { type: 'receipt' } }])
    }
  })

  it('cannot be told before it is done, in a dry run, also where an earlier one found something', async () => {
    const cluster = memoryCluster()
    const asked = async (args: Readonly<Record<string, string>> = {}) => {
      const steps = [step('Measure', act, { args: { set: 'a', ...args } }), ...all.slice(1)]
      return (await dryRun(outline(['node1'], play(['node1'], steps)), cluster)).ended('ask@node1')
    }
    const unknown = {
      outcome: 'unknown',
      because: 'what it will find is known once test/measure@node1 is done',
    }
    expect(await asked()).toMatchObject(unknown)
    await carry(outline(['node1'], play(['node1'], all)), cluster)
    expect(await asked()).toMatchObject({ outcome: 'same', because: '{"set":"a"}' })
    expect(await asked({ settings: 'others' })).toMatchObject(unknown)
  })

  it('is nothing on a node where it was not done', async () => {
    const carried = await carry(outline(['node1'], play(['node1'], all.slice(1))), memoryCluster())
    expect(carried.ended('ask@node1')).toMatchObject({ because: '"nothing"', evidence: 'exact' })
  })
})
