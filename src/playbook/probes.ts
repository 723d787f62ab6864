// Reads what a doctor asks of each node beside what it asks of any: a list of looks, as a site writes them. Never throws.
import { z } from 'zod'
import type { Problem } from '../model/problem.ts'
import { parseYaml } from '../text/yaml.ts'
import { validate } from '../text/zod-problems.ts'

const probe = z.strictObject({
  name: z.string(),
  /** A script that only reads; a template of the inventory's values. */
  look: z.string(),
  /** What it has to say. */
  expect: z.string().optional(),
  /** It has to say the same on every node. */
  same: z.boolean().default(false),
  /** It has to say something on one node at most. */
  at_most_one: z.boolean().default(false),
  /** The variable of the inventory that it is the value of. */
  paste: z.string().optional(),
  help: z.string().optional(),
})

export type Probe = z.infer<typeof probe>

export const parseProbes = (text: { readonly file: string; readonly text: string }) => {
  const { node, problems } = parseYaml(text)
  if (node === undefined || problems.length > 0) return { probes: [], problems }
  const { value, problems: misfits } = validate(node, z.array(probe))
  return { probes: value ?? [], problems: misfits satisfies readonly Problem[] }
}
