// `run worksheet`: asks for the values of a site one by one, checks each while it is typed, and writes its inventory.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { fieldsFor } from '../inventory/form/field.ts'
import { newInventory } from '../inventory/form/write-inventory.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Act } from './act.ts'
import { findSettings } from './settings.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'
import { fillSheet, headOf, type Sheet } from './worksheet/fill-sheet.ts'
import { findWorksheet } from './worksheet/find-worksheet.ts'
import { foundIn } from './worksheet/found-values.ts'
import { writeSheet } from './worksheet/write-sheet.ts'

type WorksheetFlags = { readonly worksheet?: string; readonly found?: string; readonly blank?: boolean }

export const addWorksheetCommand = (run: Command, around: Surroundings, act: Act): void => {
  run
    .command('worksheet')
    .argument('<inventory>', 'file to write, such as site.yml')
    .description('ask for the values of a site, check each as it is typed, write its inventory (docs/worksheet.md)')
    .option('--found <file>', 'what `run doctor --format json` wrote: its values are offered')
    .option('--blank', 'ask nothing, and write an empty inventory with comments, to be filled in by hand')
    .option('--worksheet <file>', 'the worksheet, where there is more than one')
    .action((file: string, flags: WorksheetFlags) => act(() => runWorksheet(file, flags, around)))
}

/** @returns What the process should end with. */
const runWorksheet = async (named: string, flags: WorksheetFlags, around: Surroundings): Promise<number> => {
  const { cwd } = around
  const file = resolve(cwd, named)
  const name = shown(file, around)
  const worksheet = await findWorksheet(flags.worksheet, { settings: findSettings(cwd), cwd })
  const found = flags.found === undefined ? new Map() : foundIn(resolve(cwd, flags.found), flags.found)
  const sheet: Sheet = { file, name, worksheet, found, around }
  if (flags.blank) return writeBlank(sheet)
  if (!around.isTerminal) throw noTerminal(name)
  return fillSheet(sheet)
}

const writeBlank = ({ file, name, worksheet, found, around }: Sheet): number => {
  if (existsSync(file)) throw isThere(name)
  const answers = new Map([...found].map(([key, { value }]) => [key, value] as const))
  const fields = fieldsFor(worksheet, answers)
  writeSheet({ file, name }, { before: undefined, text: newInventory({ fields, answers, head: headOf(name) }) })
  around.stdout.write(`${name} is there. Fill it in, then: run inventory list -i ${name}\n`)
  return exitCodes.done
}

const noTerminal = (name: string): Problem =>
  new Problem({
    code: 'no-terminal',
    summary: 'There is no terminal to ask anybody at',
    state: 'nothing was written',
    help: `an empty inventory with comments, to be filled in by hand: \`run worksheet ${name} --blank\``,
    exit: exitCodes.input,
  })

const isThere = (name: string): Problem =>
  new Problem({
    code: 'file-there',
    summary: `${name} is there already`,
    state: 'it is as it was',
    help: `name another file; or have its values asked for again, on a terminal: \`run worksheet ${name}\``,
    exit: exitCodes.input,
  })
