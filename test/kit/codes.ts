// The codes of problems in one line, as tests name them.
import type { Problem } from '../../src/model/problem.ts'

export const problemCodes = (problems: readonly Problem[]): string => problems.map(({ code }) => code).join(' ')
