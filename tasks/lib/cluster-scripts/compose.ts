// Makes the script that is to stand there: the generated one, or the one that stands there with our part in it.
import { blockOf, linesOf, withoutBlock } from './block.ts'
import type { ScriptSettings } from './settings.ts'
import { placeOf, type ScriptName } from './standing.ts'

/** `insert` keeps what Cluster Services or somebody else wrote around the agents; `replace` keeps nothing of it. */
export type Composing = 'insert' | 'replace'

/** The script that is generated for an NSS pool does more than the manual's sample, so it stays (D4). */
export const usualComposing = ({ storage }: Pick<ScriptSettings, 'storage'>): Composing =>
  storage.kind === 'nss' ? 'insert' : 'replace'

export type Composed = {
  readonly name: ScriptName
  /** What stands there. */
  readonly standing: string
  /** The whole script, as the template gives it. */
  readonly generated: string
  readonly settings: Pick<ScriptSettings, 'address' | 'agents' | 'gwha' | 'storage'>
}

/** @throws {Problem} where our part has no place in what stands there; nothing is guessed. */
export const compose = (how: Composing, composed: Composed): string =>
  how === 'replace' ? composed.generated : insert(composed)

/** The same text when our part stands in its place already. Line breaks are those of what stands there. */
const insert = ({ name, standing, generated, settings }: Composed): string => {
  const { address, agents, gwha, storage } = settings
  const services = agents.map(({ service }) => service)
  const lines = withoutBlock(linesOf(standing), name)
  const at = placeOf({
    ...{ name, lines, address, services, traps: gwha && name === 'unload script' },
    ...(name === 'load script' && storage.kind === 'nss' && { pool: storage.pool }),
  })
  const lineBreak = standing.includes('\r\n') ? '\r\n' : '\n'
  return [...lines.slice(0, at), ...blockOf(generated, name), '', ...lines.slice(at)].join(lineBreak)
}

/** What stood there before our part was put in. @throws {Problem} `script-marks-broken`. */
export const takeOut = (script: string, name: ScriptName): string =>
  withoutBlock(linesOf(script), name).join(script.includes('\r\n') ? '\r\n' : '\n')
