// A run whose files read otherwise now is gone on with only where a person says so.
import { describe, expect, it } from 'vitest'
import { assertAgreed } from '../../src/cli/agree.ts'
import { problemOf } from '../kit/fake-world.ts'

const moved = { run: '2026-11-23-0612', files: ['site.yml', 'tasks/x.ts'], unknown: [], isAccepted: false }
const says = (answer: string | undefined) => ({ ask: async () => answer })

describe('files that have changed since a run', () => {
  it.each([
    ['a person at the terminal agrees to', moved, 'yes'],
    ['a flag accepts', { ...moved, isAccepted: true }, undefined],
    ['are none', { ...moved, files: [] }, undefined],
  ])('that %s are gone on with', async (_, given, answer) => {
    await expect(assertAgreed(given, says(answer))).resolves.toBeUndefined()
  })

  it.each([['no'], [''], ['y'], [undefined]])(
    'that a person answers with %j stop it before anything is touched',
    async answer => {
      expect(await problemOf(assertAgreed(moved, says(answer)))).toMatchObject({
        code: 'inputs-changed',
        seen: 'site.yml, tasks/x.ts',
        state: 'nothing was touched',
        help: expect.stringContaining('run resume 2026-11-23-0612 --accept-changes'),
        exit: 5,
      })
    },
  )

  it('of which nobody knows that are told so', async () => {
    const unknown = { ...moved, files: [], unknown: ['files/large'] }
    const titles: string[] = []
    const ask = async ({ title }: { readonly title: string }) => void titles.push(title)
    expect(await problemOf(assertAgreed(unknown, { ask }))).toMatchObject({
      summary: 'What run 2026-11-23-0612 was read from may read otherwise now',
      seen: 'files/large (not known: that run was cut off before its sum was there)',
    })
    expect(titles).toEqual([expect.stringMatching(/^Perhaps changed since run 2026-11-23-0612: files\/large/)])
  })
})
