// One picture of what was measured side by side: seconds of a second run by the number of hosts, both growing tenfold.
import { figureOf } from '../figures.ts'
import type { Cell } from './rounds.ts'

const [width, height, left, bottom] = [720, 420, 60, 40]
const colours = ['#0b7285', '#868e96', '#c92a2a', '#e67700', '#5f3dc4']

export const plotOf = (cells: readonly Cell[]): string => {
  const near = cells.filter(
    ({ errand, rttMs, samples }) => errand === 'second run' && rttMs === 0 && samples.length > 0,
  )
  const points = near.map(({ contender, size, samples }) => ({
    contender,
    size,
    seconds: figureOf(samples.map(({ wallMs }) => wallMs)).median / 1000,
  }))
  const x = scale(
    points.map(({ size }) => size),
    [left, width - 200],
  )
  const y = scale(
    points.map(({ seconds }) => seconds),
    [height - bottom, 20],
  )
  const names = [...new Set(points.map(({ contender }) => contender))]
  const lines = names.map((name, at) => {
    const own = points.filter(({ contender }) => contender === name)
    const path = own.map(({ size, seconds }) => `${x(size)},${y(seconds)}`).join(' ')
    const last = own.at(-1)
    const colour = colours[at % colours.length]
    const dots = own.map(({ size, seconds }) => `<circle cx="${x(size)}" cy="${y(seconds)}" r="3" fill="${colour}"/>`)
    const label =
      last && text(x(last.size) + 8, y(last.seconds) + 4, `${name.replaceAll('`', '')} ${last.seconds.toFixed(1)} s`)
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${label ?? ''}`
  })
  const sizes = [...new Set(points.map(({ size }) => size))].map(size => text(x(size) - 8, height - 15, `${size}`))
  const ticks = [0.1, 1, 10, 100]
    .map(value => ({ value, at: y(value) }))
    .filter(({ at }) => at >= 10 && at <= height - bottom + 5)
    .map(
      ({ value, at }) => `<path d="M${left} ${at}H${width - 200}" stroke="#dee2e6"/>${text(10, at + 4, `${value} s`)}`,
    )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>Second run of twenty steps: seconds by the number of hosts</title><rect width="100%" height="100%" fill="#fff"/>`,
    ...ticks,
    ...sizes,
    ...lines,
    '</svg>\n',
  ].join('\n')
}

const text = (x: number, y: number, words: string): string => `<text x="${x}" y="${y}">${words}</text>`

/** Of a number between the least and the most of them, where it lies; each tenfold is as far. */
const scale = (values: readonly number[], [from, to]: readonly [number, number]) => {
  const [least, most] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))]
  return (value: number): number =>
    Math.round(from + ((Math.log10(value) - least) / Math.max(most - least, 0.1)) * (to - from))
}
