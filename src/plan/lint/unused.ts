// What a playbook writes down and never names again: most often the other side of a slip of the hand.
import { tasksOf } from '../../playbook/parse.ts'
import { Template } from '../../template/template.ts'
import { templatesIn } from '../../template/tree.ts'
import { type ArgumentsOf, templatesNamed } from '../arguments.ts'
import { namesIn, needs } from '../named-variables.ts'
import { takenFields } from '../taken-files.ts'
import { argumentsIn } from './arguments-in.ts'
import { doubt, type Linted, type LintRule, perPlay } from './rule.ts'

const help = 'remove it, or correct its name where it is meant'

export const unusedHandler: LintRule = {
  code: 'handler-unused',
  summary: 'no step notifies a handler, so it never runs',
  help,
  find: perPlay(({ steps, handlers }) => {
    const notified = new Set([...tasksOf(steps), ...handlers].flatMap(({ notify }) => notify.map(({ text }) => text)))
    return handlers
      .filter(({ name, listen }) => ![name, ...listen].some(each => notified.has(each)))
      .map(({ name, span }) => doubt(unusedHandler, { summary: `No step notifies the handler \`${name}\``, span }))
  }),
}

export const unusedResult: LintRule = {
  code: 'register-unused',
  summary: 'a result is registered and never named',
  help,
  find: linted => {
    const named = namesOf(linted)
    return linted.playbook.plays
      .flatMap(({ steps, handlers }) => [...tasksOf(steps), ...handlers])
      .flatMap(({ register, span }) =>
        register === undefined || named.all || named.some.has(register)
          ? []
          : [doubt(unusedResult, { summary: `Nothing names the result \`${register}\``, span })],
      )
  },
}

export const unusedVariable: LintRule = {
  code: 'variable-unused',
  summary: 'a variable of a play is set and never named',
  help,
  find: linted => {
    const named = namesOf(linted)
    return linted.playbook.plays
      .filter(({ worksheet }) => worksheet === undefined)
      .flatMap(({ vars }) => vars.written.entries)
      .filter(({ key }) => !named.all && !named.some.has(key))
      .map(({ key, keySpan }) =>
        doubt(unusedVariable, { summary: `Nothing names the variable \`${key}\``, span: keySpan }),
      )
  },
}

/** What the playbook names, and the templates in files do; a template whose own name is filled in may name all. */
const namesOf = ({
  playbook,
  registry,
  files,
}: Linted): { readonly some: ReadonlySet<string>; readonly all: boolean } => {
  const args = playbook.plays.flatMap(play => argumentsIn(play, registry))
  const trees = args.flatMap(of => templatesNamed(of, files.file))
  const inFiles = trees.flatMap(needs)
  const ofOthers = [...args.map(({ args: { tree } }) => tree), ...trees].flatMap(namedOfOtherHosts)
  const all = args.some(hasFilledName)
  return { some: new Set([...playbook.plays.flatMap(namesIn), ...inFiles, ...ofOthers]), all }
}

/** `hostvars['node1'].found` names `found` too; it is told elsewhere that this is not seen. */
const namedOfOtherHosts = (tree: unknown): readonly string[] =>
  templatesIn(tree)
    .filter(({ needs: all }) => all.some(({ name }) => name === 'hostvars'))
    .flatMap(({ text }) => text.match(/\w+/g) ?? [])

const hasFilledName = ({ schema, args }: ArgumentsOf): boolean =>
  takenFields(schema).some(({ key, takes }) => takes === 'template' && args.tree[key] instanceof Template)
