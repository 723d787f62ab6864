// The host of an inventory that somebody names on the command line.
import type { Host, Inventory } from '../inventory/inventory.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { didYouMean } from '../text/did-you-mean.ts'

/** @throws {Problem} `host-unknown` */
export const hostNamed = (name: string, { hosts }: Pick<Inventory, 'hosts'>): Host => {
  const host = hosts.find(each => each.name === name)
  if (host) return host
  const known = hosts.map(each => each.name)
  throw new Problem({
    code: 'host-unknown',
    summary: `The inventory has no host \`${name}\``,
    help: didYouMean(name, known) ?? `there are: ${known.join(', ')}`,
    exit: exitCodes.input,
  })
}
