// What is wrong in the arguments of steps and holds as they are written, whatever the variables will say.
import type { Problem } from '../../model/problem.ts'
import { Template } from '../../template/template.ts'
import { child } from '../../text/located.ts'
import { truthOf } from '../../text/words.ts'
import { type ArgumentsOf, fileFields, type NamedFiles, readFile } from '../arguments.ts'
import { literalFaults } from '../literal-faults.ts'
import { faultsOfFile, takenFields } from '../taken-files.ts'
import { argumentsIn } from './arguments-in.ts'
import type { Linted } from './rule.ts'

/** Unknown and missing arguments, values of the wrong kind, and files that are named and not there or not right. */
export const writtenFaults = ({ playbook, registry, files }: Linted): readonly Problem[] =>
  playbook.plays.flatMap(play =>
    argumentsIn(play, registry).flatMap(of => [...literalFaults(of), ...fileFaults(of, files)]),
  )

const fileFaults = (of: ArgumentsOf, files: NamedFiles): readonly Problem[] => [
  ...fileFields(of.schema).flatMap(field => {
    const name = of.args.tree[field.key]
    return typeof name === 'string' ? readFile(of, { ...field, name }, files).problems : []
  }),
  ...takenFields(of.schema).flatMap(field => {
    const name = of.args.tree[field.key]
    const means = of.args.tree[field.unless]
    if (typeof name !== 'string' || means instanceof Template || truthOf(means)) return []
    return faultsOfFile({ name, field, from: of.file, span: child(of.args.written, field.key)?.span }, files.file)
  }),
]
