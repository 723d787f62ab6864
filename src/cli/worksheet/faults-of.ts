// The check of an inventory that was just made: the one that every run makes, with secrets taken for there.
import type { ZodType } from 'zod'
import type { BesideText } from '../../inventory/beside.ts'
import { magicVariables } from '../../inventory/magic.ts'
import { parseInventory } from '../../inventory/parse.ts'
import type { Problem } from '../../model/problem.ts'
import { distinct, fillWorksheet } from '../../playbook/worksheet.ts'

type Text = { readonly file: string; readonly text: string; readonly besides?: readonly BesideText[] }

export const faultsOf = (written: Text, worksheet: ZodType): readonly Problem[] => {
  const inventory = parseInventory({ ...written, secrets: { readSecret: () => 'kept elsewhere', openVault } })
  const ofHosts = inventory.hosts.flatMap(
    host => fillWorksheet(worksheet, host, { owner: host.span, known: magicVariables(host, inventory) }).problems,
  )
  return distinct([...inventory.problems, ...ofHosts])
}

const openVault = () => new TextEncoder().encode('kept elsewhere')
