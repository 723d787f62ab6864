// `-e`: variables over all others, as `key=value` pairs, as YAML or JSON, or from a file.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCodes, Problem } from '../model/problem.ts'
import { reveal, type Secret } from '../model/secret.ts'
import { readVariables } from '../playbook/parts.ts'
import type { WrittenVariables } from '../playbook/playbook.ts'
import { typed } from '../playbook/worksheet.ts'
import { shortestStruck } from '../shell/redact.ts'
import type { SecretReading } from '../template/secrets.ts'
import { secretsIn } from '../template/tree.ts'
import type { Located } from '../text/located.ts'
import { Reader } from '../text/reader.ts'
import { describe } from '../text/words.ts'
import { parseYaml } from '../text/yaml.ts'
import { pairsIn } from './pairs.ts'
import { readText } from './read-text.ts'

type Source = { readonly file: string; readonly text: string }

export type ExtraVars = {
  readonly variables: WrittenVariables | undefined
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

export const readExtraVars = async (
  given: readonly string[],
  cwd: string,
  secrets?: SecretReading,
): Promise<ExtraVars> => {
  const reader = new Reader()
  const { problems } = reader
  const maps = given.flatMap(text => {
    const source = sourceOf(text, cwd)
    if (!source) problems.push(noFile(text.slice(1)))
    const { node, problems: faults } = source
      ? parseYaml({ ...source, openVault: secrets?.openVault })
      : { node: undefined, problems: [] }
    problems.push(...faults)
    if (node?.type === 'map') return [node]
    if (source && faults.length === 0) problems.push(notVariables(text, node))
    return []
  })
  const [first] = maps
  const variables = first && readVariables(maps, first.span, { reader, secrets })
  problems.push(...shortOnes(variables))
  return { variables, problems, warnings: reader.warnings }
}

/** What is typed stands in the journal, and a short one could not be found there to be masked. */
const shortOnes = (given: WrittenVariables | undefined): readonly Problem[] =>
  (given?.written.entries ?? [])
    .filter(({ key, keySpan }) => keySpan.file === typed && secretsIn(given?.variables[key]).some(isShort))
    .map(
      ({ key }) =>
        new Problem({
          code: 'secret-short',
          summary: `The secret \`${key}\` has fewer than ${shortestStruck} characters, and cannot be kept out of the journal`,
          help: `name it by where it is kept, in a file: -e @FILE with \`${key}: { secret: … }\``,
          exit: exitCodes.input,
        }),
    )

const isShort = (secret: Secret): boolean => reveal(secret) !== '' && reveal(secret).length < shortestStruck

/** Nothing when it names a file that is not there. */
const sourceOf = (text: string, cwd: string): Source | undefined => {
  if (text.startsWith('@')) return fromFile(text.slice(1), cwd)
  const pairs = pairsIn(text)
  // Each pair as a line of its own reads as YAML, and a text in quotes as JSON has them as that text.
  const lines = pairs?.map(({ key, value }) => `${key}: ${JSON.stringify(value)}`)
  return { file: typed, text: lines?.join('\n') ?? text }
}

const fromFile = (name: string, cwd: string): Source | undefined => {
  const path = resolve(cwd, name)
  return existsSync(path) ? { file: name, text: readText(path, name) } : undefined
}

const noFile = (name: string): Problem =>
  new Problem({
    code: 'file-not-found',
    summary: `There is no file ${name}, which -e names`,
    help: 'a path counts from where you stand',
    exit: exitCodes.input,
  })

const notVariables = (text: string, node: Located | undefined): Problem =>
  new Problem({
    code: 'variables-wrong',
    summary: 'What -e gives is no mapping of variables',
    // What was typed may hold a secret.
    ...(node && text.startsWith('@')
      ? { span: node.span, seen: describe(node.value) }
      : { seen: `${text.length} characters that are neither pairs nor a mapping` }),
    wanted: '`-e key=value`, `-e \'{"key": "value"}\'` or `-e @file.yml`',
    exit: exitCodes.input,
  })
