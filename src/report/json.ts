// A plan for programs: the fields of `PlanDocument` in a fixed order, with the version of this form.
import type { PlanDocument } from './plan.ts'

/** Raised when a field is taken away or means something else; a new field raises nothing. */
const planFormat = 1

export const planJson = (plan: PlanDocument): string => `${JSON.stringify({ version: planFormat, ...plan }, null, 2)}\n`
