// From single measures to what can be said: the middle one, and how far the others lie from it.
import type { Measure } from './measure.ts'

export type Figure = { readonly median: number; readonly min: number; readonly max: number }

/** @throws {RangeError} Nothing was measured. */
export const figureOf = (values: readonly number[]): Figure => {
  const sorted = values.toSorted((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) throw new RangeError('no figure without a measure')
  return { median: middleOf(sorted), min, max }
}

const middleOf = (sorted: readonly number[]): number => {
  const half = sorted.length / 2
  const middle = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1)
  return middle.reduce((a, b) => a + b, 0) / middle.length
}

/** One errand of one round, and the floor right after it; no floor without OpenSSH's client. */
export type Pair = { readonly run: Measure; readonly floor: Measure | undefined }

export type Figures = {
  readonly run: Side
  readonly floor?: Side
  /** Run to floor, of each round, so that what disturbs a round disturbs both. */
  readonly ratio?: Side
}

export type Side = { readonly wall: Figure; readonly cpu: Figure; readonly peak: Figure }

export const figuresOf = (pairs: readonly Pair[]): Figures => {
  const run = sideOf(pairs.map(pair => pair.run))
  const whole = pairs.flatMap(({ run, floor }) => (floor ? [{ run, floor }] : []))
  if (whole.length === 0) return { run }
  const ratios = whole.map(({ run, floor }) => ({
    wallMs: run.wallMs / floor.wallMs,
    cpuMs: run.cpuMs / floor.cpuMs,
    peakKb: run.peakKb / floor.peakKb,
  }))
  return { run, floor: sideOf(whole.map(pair => pair.floor)), ratio: sideOf(ratios) }
}

const sideOf = (measures: readonly Pick<Measure, 'wallMs' | 'cpuMs' | 'peakKb'>[]): Side => ({
  wall: figureOf(measures.map(({ wallMs }) => wallMs)),
  cpu: figureOf(measures.map(({ cpuMs }) => cpuMs)),
  peak: figureOf(measures.map(({ peakKb }) => peakKb)),
})
