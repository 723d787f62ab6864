// The check of an inventory that was just made: the one that every run makes, with secrets taken for there.
import type { ZodType } from 'zod'
import type { BesideText } from '../../inventory/beside.ts'
import { magicVariables } from '../../inventory/magic.ts'
import { parseInventory } from '../../inventory/parse.ts'
import type { Problem } from '../../model/problem.ts'
import { reveal, type Secret } from '../../model/secret.ts'
import { distinct, fillWorksheet } from '../../playbook/worksheet.ts'
import { secretsIn } from '../../template/tree.ts'

type Text = { readonly file: string; readonly text: string; readonly besides?: readonly BesideText[] }

export const faultsOf = (written: Text, worksheet: ZodType): readonly Problem[] => {
  const inventory = read(written)
  const ofHosts = inventory.hosts.flatMap(
    host => fillWorksheet(worksheet, host, { owner: host.span, known: magicVariables(host, inventory) }).problems,
  )
  return distinct([...inventory.problems, ...ofHosts])
}

/** Those that stand in it in the open. */
export const openSecrets = (written: Text): readonly Secret[] =>
  read(written)
    .hosts.flatMap(({ variables }) => [...secretsIn(variables)])
    .filter(secret => reveal(secret) !== elsewhere)

const read = (written: Text) =>
  parseInventory({
    ...written,
    secrets: { readSecret: () => elsewhere, openVault: () => new TextEncoder().encode(elsewhere) },
  })

const elsewhere = 'kept elsewhere'
