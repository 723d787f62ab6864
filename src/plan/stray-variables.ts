// A variable that no template names and that is nearly one of the worksheet: most likely a slip of the hand.
import type { ZodType } from 'zod'
import { isConnectionVariable } from '../inventory/connection.ts'
import type { Host, Inventory } from '../inventory/inventory.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Play, Playbook } from '../playbook/playbook.ts'
import { distinct } from '../playbook/worksheet.ts'
import { nearest } from '../text/did-you-mean.ts'
import type { LocatedEntry } from '../text/located.ts'
import { wantedKeys } from '../text/zod-words.ts'
import { namesIn, needs } from './named-variables.ts'

type Sheets = { readonly inventory: Inventory; readonly worksheets: ReadonlyMap<string, ZodType> }

/** A worksheet takes variables that it does not know, since a playbook may have its own: so this is a warning. */
export const strayVariables = (playbook: Playbook, { inventory, worksheets }: Sheets): readonly Problem[] => {
  const named = new Set(playbook.plays.flatMap(namesIn))
  const strays = (play: Play, schema: ZodType): readonly Problem[] => {
    const known = wantedKeys(schema, [])
    return inventory.hosts.flatMap(host => straysOf(host, play, { known, named }))
  }
  return distinct(
    playbook.plays.flatMap(play => {
      const schema = play.worksheet && worksheets.get(play.worksheet.file)
      return schema ? strays(play, schema) : []
    }),
  )
}

type Names = { readonly known: readonly string[]; readonly named: ReadonlySet<string> }

const straysOf = (host: Host, play: Play, { known, named }: Names): readonly Problem[] => {
  const written = [...host.written.entries, ...play.vars.written.entries]
  const there = new Set(written.map(({ key }) => key))
  const used = new Set([...named, ...needs(host.variables)])
  return written
    .filter(({ key }) => !known.includes(key) && !used.has(key) && !isConnectionVariable(key))
    .flatMap(entry => {
      const meant = nearest(entry.key, known)
      return meant === undefined || there.has(meant) ? [] : [stray(entry, meant)]
    })
}

const stray = ({ key, keySpan }: LocatedEntry, meant: string): Problem =>
  new Problem({
    code: 'variable-stray',
    summary: `Nothing names the variable \`${key}\``,
    span: keySpan,
    help: `did you mean \`${meant}\`?`,
    exit: exitCodes.input,
  })
