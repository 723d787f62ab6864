// Acts that were begun on a node and whose end nobody has seen: marked there before they begin, until their end is known.
//
// The mark lies on the node, and not in a journal alone, so that a colleague's workstation knows it too. Beside it lie
// the programs that the act has started, which go on when their controller is gone.
import { z } from 'zod'
import { addressOf, type StepId } from '../model/address.ts'
import type { Begun } from '../model/begun.ts'
import { exitCodes, isOutOfReach, Problem } from '../model/problem.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { forgetPlace } from '../shell/lasting/place.ts'
import { quote } from '../shell/quote.ts'
import { canonicalJson } from '../text/canonical.ts'
import { directoryOnNode, fileName } from './node-directory.ts'
import { json, noted } from './noted.ts'

export type BegunActs = {
  find(step: string, host: string): Begun | undefined
  /** All on one host: while there is one, nothing that it may use is taken away. */
  on(host: string): readonly Begun[]
  put(begun: Begun): void
  remove(begun: Pick<Begun, 'step' | 'host'>): void
}

export const createBegunActs = (found: readonly Begun[] = []): BegunActs => {
  const all = new Map(found.map(begun => [addressOf(begun), begun]))
  return {
    find: (step, host) => all.get(addressOf({ step, host })),
    on: host => [...all.values()].filter(begun => begun.host === host),
    put: begun => {
      all.set(addressOf(begun), begun)
    },
    remove: begun => {
      all.delete(addressOf(begun))
    },
  }
}

/** Where the marks of a cluster lie on a node, one directory a step. */
export const begunBelow = (cluster: string): string => directoryOnNode('begun', cluster)

export const markName = 'mark'

/** Directory of one act on its node. */
export const placeOf = ({ cluster, step }: Pick<Begun, 'cluster' | 'step'>): string =>
  `${begunBelow(cluster)}/${fileName(step.replaceAll('/', '.'))}`

/** @returns Nothing where the text is no mark of this node: a copied file system brings strangers' marks along. */
export const parseBegun = (value: unknown, host: string): Begun | undefined => {
  const { data } = schema.safeParse(value)
  // The name of a step is the engine's, as the mark is.
  return data?.host === host ? { ...data, step: data.step as StepId } : undefined
}

const schema = z.object({
  type: z.literal('begun'),
  version: z.literal(1),
  ...noted,
  changes: z.array(z.object({ kind: z.string(), key: z.string(), before: json, after: json })),
})

/** @throws {Problem} `mark-not-written`. */
export const writeBegun = async (shell: HostShell, begun: Begun): Promise<void> => {
  const place = placeOf(begun)
  const mark = quote(`${place}/${markName}`)
  const script = `umask 077; rm -rf ${quote(place)} && mkdir -p ${quote(place)} && cat >${mark}.new && mv ${mark}.new ${mark}`
  const { exitCode, stderr } = await shell.run(script, { input: `${canonicalJson(begun)}\n` }).catch(error => {
    throw isOutOfReach(error) ? notBegun(error, begun) : error
  })
  if (exitCode === 0) return
  throw new Problem({
    code: 'mark-not-written',
    summary: `It cannot be written down on ${begun.host} that ${begun.step} begins there`,
    host: begun.host,
    seen: stderr.trim(),
    state: 'nothing was begun',
    help: `make room or mend ${begunBelow(begun.cluster)} on the node, then run the step again`,
  })
}

/** Whether the mark is there nobody knows; what it is for was not sent, and that is what counts. */
const notBegun = (lost: Problem, { step, host }: Begun): Problem =>
  new Problem({ ...lost.fields, state: `${step} was not begun on ${host}`, exit: exitCodes.unreachable })

/** Its end is known. A mark that stays all the same only has a later run look once more. */
export const removeBegun = async (shell: HostShell, begun: Pick<Begun, 'cluster' | 'step'>): Promise<void> => {
  await forgetPlace(shell, placeOf(begun))
}
