// What every note that lies on a node says of itself, as it is read back: another program may have written there.
import { z } from 'zod'
import type { Json } from '../model/json.ts'

export const json = z.custom<Json>(value => value !== undefined)

/** Which step of which run, on which host, with which settings. */
export const noted = {
  step: z.string(),
  host: z.string(),
  cluster: z.string(),
  run: z.string(),
  at: z.string(),
  settings: z.string(),
}
