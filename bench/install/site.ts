// A directory of its own with a lab of its own, where nothing but the measurement happens.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import type { Lab } from '../../lab/words.ts'
import { inLab, openLab } from '../open-lab.ts'

export type Site = {
  readonly dir: string
  /** Where its runs are kept. */
  readonly runs: string
  readonly lab: Lab
  /** Puts the nodes back to where nothing is installed, with stand-ins that do not wait. */
  reset(): Promise<void>
  close(): void
}

type SiteOptions = { readonly root: string; readonly size: number }

/** @throws {Error} With what the command said, when the lab does not come up. */
export const openSite = async ({ root, size }: SiteOptions): Promise<Site> => {
  const dir = mkdtempSync(join(tmpdir(), 'run-bench-'))
  const close = () => {
    inLab(root, dir, 'down')
    rmSync(dir, { recursive: true, force: true })
  }
  mkdirSync(join(dir, 'inventory'))
  writeFileSync(join(dir, 'run.yml'), 'inventory: inventory/lab.yml\n')
  writeFileSync(
    join(dir, 'inventory/lab.yml'),
    inventoryOf(size, readFileSync(join(root, 'inventory/lab.yml'), 'utf8')),
  )
  try {
    const { lab, keep, reset } = await openLab(root, dir, size)
    for (const { name } of lab.nodes) inLab(root, dir, 'shell', name, withoutDelays)
    await keep()
    return { dir, runs: join(dir, '.run', 'runs'), lab, reset, close }
  } catch (error) {
    close()
    throw error
  }
}

/** The stand-ins' own waiting would hide what is measured. */
const withoutDelays = "sed -i 's/^\\([a-z_]*\\)=.*/\\1=0/' /etc/lab/delays"

/** The lab's inventory for a cluster of another size. */
export const inventoryOf = (size: number, text: string): string => {
  const names = Array.from({ length: size }, (_, at) => `node${at + 1}`)
  const document = parseDocument(text)
  document.setIn(['cluster', 'failover_list'], document.createNode(names))
  document.setIn(['all', 'hosts'], document.createNode(Object.fromEntries(names.map(name => [name, null]))))
  return String(document)
}
