import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { watchAnswers } from '../../../tasks/lib/watch-answers.ts'

type State = 'answer' | 'are silent' | 'take a connection'

/** Answers, or does not, as it is told at the moment. */
const watched = (state: State) => {
  const told: { state: State } = { state }
  const watch = watchAnswers(async () => ({
    silent: told.state === 'are silent' ? ['x'] : [],
    connected: told.state === 'take a connection' ? ['x'] : [],
  }))
  return { told, watch }
}

it('a slow answer before the move is no silence of the move', async () => {
  const { told, watch } = watched('are silent')
  const begun = watch.begin(5000)
  await sleep(150)
  told.state = 'answer'
  await begun
  told.state = 'are silent'
  const ended = watch.untilAnswered(performance.now(), 5000)
  await sleep(250)
  told.state = 'answer'
  const { downtime_ms = 0, announced_ms } = await ended
  expect(downtime_ms).toBeGreaterThan(200)
  expect(announced_ms).toBeGreaterThan(200)
  await watch.stop()
})

it('where nobody was answered before, nobody missed anything', async () => {
  const { told, watch } = watched('are silent')
  await watch.begin(0)
  const ended = watch.untilAnswered(performance.now(), 5000)
  await sleep(250)
  told.state = 'answer'
  expect(await ended).toEqual({ announced_ms: expect.any(Number) })
  await watch.stop()
})

it('a move that nobody noticed took no time', async () => {
  const { watch } = watched('answer')
  await watch.begin(5000)
  expect(await watch.untilAnswered(performance.now(), 5000)).toEqual({ downtime_ms: 0, announced_ms: 0 })
  await watch.stop()
})

it('a mere connection settles nothing, and nobody waits for more', async () => {
  const { told, watch } = watched('are silent')
  await watch.begin(0)
  const ended = watch.untilAnswered(performance.now(), 60_000)
  told.state = 'take a connection'
  expect(await ended).toEqual({ only: 'connection' })
  await watch.stop()
})
