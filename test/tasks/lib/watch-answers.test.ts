import { expect, it } from 'vitest'
import { watchAnswers } from '../../../tasks/lib/watch-answers.ts'

/** Answers as it is told, one question after the other; the last one again and again. */
const asked = (...said: readonly ('answers' | 'silent')[]) => {
  const left = [...said]
  return async () => ((left.length > 1 ? left.shift() : left[0]) === 'silent' ? ['x'] : [])
}

it('a slow answer before the move is no silence of the move', async () => {
  const watch = watchAnswers(asked('silent', 'answers', 'answers', 'silent', 'silent', 'answers'))
  await watch.begin(5000)
  const { downtime_ms = 0, announced_ms } = await watch.untilAnswered(performance.now(), 5000)
  expect(downtime_ms).toBeGreaterThan(0)
  expect(announced_ms).toBeGreaterThan(0)
  await watch.stop()
})

it('where nobody was answered before, nobody missed anything', async () => {
  const watch = watchAnswers(asked('silent', 'silent', 'answers'))
  await watch.begin(0)
  const told = await watch.untilAnswered(performance.now(), 5000)
  expect(told).toEqual({ announced_ms: expect.any(Number) })
  await watch.stop()
})

it('a move that nobody noticed took no time', async () => {
  const watch = watchAnswers(asked('answers'))
  await watch.begin(5000)
  expect(await watch.untilAnswered(performance.now(), 5000)).toEqual({ downtime_ms: 0, announced_ms: 0 })
  await watch.stop()
})
