// A review for programs: the whole of it, with the version of this form first.
import type { Review } from './model.ts'

export const reviewJson = (review: Review): string => `${JSON.stringify(review, null, 2)}\n`
