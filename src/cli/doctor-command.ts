// `run doctor`: all nodes side by side, looked at and not touched. A node that cannot be reached is shown as that.
import { type Command, Option } from 'commander'
import { exitCodes } from '../model/problem.ts'
import { type Doctor, doctorJson, doctorMarkdown, doctorText } from '../report/index.ts'
import type { Act } from './act.ts'
import { type AskFlags, askAll } from './doctor/ask-all.ts'
import { withSecretFlags } from './secret-flags.ts'
import { shapeOf, spokenOption } from './shape.ts'
import type { Surroundings } from './surroundings.ts'
import { writeOut } from './write-out.ts'

type DoctorFlags = AskFlags & {
  readonly format: 'text' | 'md' | 'json'
  readonly output?: string
  readonly screenReader?: true
}

export const addDoctorCommand = (run: Command, around: Surroundings, act: Act): void => {
  withSecretFlags(run.command('doctor'))
    .description('look at all nodes side by side and change nothing: what is wrong, what a site has (docs/doctor.md)')
    .option('-i, --inventory <file>', 'inventory, which may be unfinished; the default is named in run.yml')
    .addOption(new Option('--format <format>', 'form of what is told').choices(['text', 'md', 'json']).default('text'))
    .option('-o, --output <file>', 'file to write it to, instead of stdout')
    .addOption(spokenOption())
    .action((flags: DoctorFlags) => act(() => runDoctor(flags, around)))
}

/** @returns What the process should end with. */
const runDoctor = async (flags: DoctorFlags, around: Surroundings): Promise<number> => {
  const doctor = await askAll(flags, around)
  writeOut(inForm(doctor, flags, around), flags.output, around)
  return exitOf(doctor)
}

const inForm = (doctor: Doctor, flags: DoctorFlags, around: Surroundings): string => {
  if (flags.format === 'json') return doctorJson(doctor)
  if (flags.format === 'md') return doctorMarkdown(doctor)
  const shape = shapeOf(flags, around, flags.output === undefined ? around.stdout : {})
  return doctorText(doctor, { ...shape, colour: around.colour && shape.columns !== undefined })
}

/** What a node has that nobody could ask is not known, so nothing is as it should be. */
const exitOf = ({ unreachable, findings }: Doctor): number => {
  if (unreachable.length > 0) return exitCodes.unreachable
  return findings.some(({ kind }) => kind !== 'mind') ? exitCodes.failed : exitCodes.done
}
