// The Problem that something is rejected with.
import { expect } from 'vitest'
import { Problem } from '../../src/model/problem.ts'

/** Fails when it is not rejected, or with anything else. */
export const problemOf = async (promise: Promise<unknown>): Promise<Problem> => {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(Problem)
  return error as Problem
}
