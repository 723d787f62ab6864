// `-e`: variables over all others, as `key=value` pairs, as YAML or JSON, or from a file.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCodes, Problem } from '../model/problem.ts'
import type { WrittenVariables } from '../playbook/playbook.ts'
import { compileTree } from '../template/tree.ts'
import { type LocatedMap, overlay } from '../text/located.ts'
import { parseYaml } from '../text/yaml.ts'

type Source = { readonly file: string; readonly text: string }

export type ExtraVars = { readonly variables: WrittenVariables | undefined; readonly problems: readonly Problem[] }

export const readExtraVars = async (given: readonly string[], cwd: string): Promise<ExtraVars> => {
  const problems: Problem[] = []
  const maps = given.flatMap(text => {
    const source = sourceOf(text, cwd)
    if (!source) problems.push(noFile(text.slice(1)))
    const { node, problems: faults } = source ? parseYaml(source) : { node: undefined, problems: [] }
    problems.push(...faults)
    if (node?.type === 'map') return [node]
    if (source && faults.length === 0) problems.push(notVariables(text))
    return []
  })
  const [first] = maps
  return { variables: first && variablesOf(overlay(maps, first.span), problems), problems }
}

const variablesOf = (written: LocatedMap, problems: Problem[]): WrittenVariables => {
  const compiled = written.entries.map(({ key, node }) => {
    const { tree, problems: faults } = compileTree(node)
    problems.push(...faults)
    return [key, tree] as const
  })
  return { written, variables: Object.fromEntries(compiled) }
}

/** Nothing when it names a file that is not there. */
const sourceOf = (text: string, cwd: string): Source | undefined => {
  if (text.startsWith('@')) return fromFile(text.slice(1), cwd)
  // `a=1 b='two words'`, as Ansible takes it, reads as YAML once each pair is a line of its own.
  const pairs = [...text.matchAll(/(?:^|\s)([A-Za-z_]\w*)=('[^']*'|"[^"]*"|\S*)/g)]
  const isPairs =
    pairs
      .map(([whole]) => whole)
      .join('')
      .trim() === text.trim()
  return { file: '-e', text: isPairs ? pairs.map(([, key, value]) => `${key}: ${value}`).join('\n') : text }
}

const fromFile = (name: string, cwd: string): Source | undefined => {
  const path = resolve(cwd, name)
  return existsSync(path) ? { file: name, text: readFileSync(path, 'utf8') } : undefined
}

const noFile = (name: string): Problem =>
  new Problem({
    code: 'file-not-found',
    summary: `There is no file ${name}, which -e names`,
    help: 'a path counts from where you stand',
    exit: exitCodes.input,
  })

const notVariables = (text: string): Problem =>
  new Problem({
    code: 'variables-wrong',
    summary: 'What -e gives is no mapping of variables',
    // What was typed may hold a secret.
    seen: `${text.length} characters that are neither pairs nor a mapping`,
    wanted: '`-e key=value`, `-e \'{"key": "value"}\'` or `-e @file.yml`',
    exit: exitCodes.input,
  })
