// Hands a change of the resource over to a person, with the text to paste, and goes on when the directory says the same.
import { type ApplyContext, type HostDollar, isKnown, type Json, type Ref, readNow } from '#task'
import { askUntilDone } from '../by-person.ts'
import { type Whose, whoseIs } from './entry.ts'
import type { FieldValue } from './fields.ts'
import { differing, type Fields, fieldOf } from './kinds.ts'

type Context = Pick<ApplyContext<unknown, unknown>, 'directory' | 'person' | 'progress'> & { readonly $: HostDollar }

export type HandedOver = {
  readonly ref: Ref
  readonly fields: Fields
  /** What it is to be; where nobody can tell, their word counts. */
  readonly after: Json
  readonly text: string
}

/** @throws {Problem} `waits-for-person`. */
export const handOver = async (
  { $, directory, person, progress }: Context,
  { ref, fields, after, text }: HandedOver,
): Promise<void> => {
  progress('waiting for a person')
  const look = async (): Promise<string | undefined> => {
    if (!isKnown(after)) return undefined
    const now = await readNow($, ref, directory)
    const left = differing(fields, Object(now), Object(after)).map(name =>
      stillOtherwise(name, fieldOf(Object(now), name), fieldOf(Object(after), name)),
    )
    return left.length === 0 ? undefined : `still otherwise in the directory: ${left.join(', ')}`
  }
  const proof = isKnown(after) ? { proof: 'the directory says the same' } : {}
  await askUntilDone(person, { text, who: 'administrator of the cluster', ...proof }, look)
}

/** Of a text the first line that is another: a blank before it, or a line that a window has broken, is hard to see. */
const stillOtherwise = (name: string, now: FieldValue, after: FieldValue): string => {
  if (typeof now !== 'string' || typeof after !== 'string' || !after.includes('\n')) return name
  const [there, wanted] = [now, after].map(text => text.replace(/\n$/, '').split('\n'))
  const at = there?.findIndex((line, index) => line !== wanted?.[index]) ?? -1
  const line = at < 0 ? (there?.length ?? 0) : at
  return `${name} (line ${line + 1} is ${tellLine(there?.[line])}, and is to be ${tellLine(wanted?.[line])})`
}

const tellLine = (line: string | undefined): string => (line === undefined ? 'not there' : JSON.stringify(line))

/** What to set, each field where iManager has it, and in the form that the directory has. */
export const toSet = (ref: Ref, fields: Fields, { before, after }: { before: object; after: object }): string =>
  [
    placeOf(whoseIs(ref.key)),
    ...differing(fields, before, after).flatMap(name => [
      `${labels[name] ?? name} (${fields[name]?.attribute}):`,
      ...tell(fieldOf(after, name)),
    ]),
  ].join('\n')

export const placeOf = ({ resource, cluster }: Whose): string =>
  `In iManager, Clusters > Cluster Options > ${cluster} > ${resource} > Details, set:`

const labels: Readonly<Record<string, string>> = {
  load_script: 'Scripts > Load Script',
  unload_script: 'Scripts > Unload Script',
  load_timeout: 'Scripts > Load Script, Timeout',
  unload_timeout: 'Scripts > Unload Script, Timeout',
  preferred_nodes: 'Preferred Nodes',
  failover_mode: 'General > Policies, Failover Mode',
  failback_mode: 'General > Policies, Failback Mode',
}

const tell = (value: FieldValue): readonly string[] => {
  if (value === null) return ['nothing']
  if (typeof value === 'string') return value.includes('\n') ? inFrame(value) : [value]
  return 'base64' in value ? [`${value.base64} (base64)`] : value.flatMap(tell)
}

/** So that it can be seen where a text that is to be pasted begins and ends. */
export const inFrame = (text: string): readonly string[] => [frame, ...text.replace(/\n$/, '').split('\n'), frame]

const frame = '-'.repeat(72)
