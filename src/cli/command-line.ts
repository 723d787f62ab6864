// What was typed wrongly, told as every other problem: with what was meant, or where to look.
import { type Command, type CommanderError, Help, type HelpConfiguration, InvalidArgumentError } from 'commander'
import { exitCodes, Problem, type ProblemFields } from '../model/problem.ts'
import { fitted, leastColumn } from '../report/index.ts'
import { insteadOfFlag } from './ansible-flags.ts'

/** On a narrow terminal what a word means stands below it: beside it there is no column to read in. */
export const narrowHelp: HelpConfiguration = {
  minWidthToWrap: 1,
  formatItem(term, termWidth, description, helper) {
    const columns = helper.helpWidth ?? 80
    const room = columns - termWidth - 4
    if (room >= leastColumn) return Help.prototype.formatItem.call(this, term, termWidth, description, helper)
    return [`  ${term}`, ...fitted(`      ${description}`, columns, 6)].join('\n')
  },
}

/** Has a command and all below it throw a problem for what they do not understand. */
export const refuseMisuse = (command: Command, path = command.name()): void => {
  command.configureOutput({ outputError: () => {} }).exitOverride(error => {
    throw isAnswered(error) ? error : misuse(error, path)
  })
  for (const below of command.commands) refuseMisuse(below, `${path} ${below.name()}`)
}

/** Help or version was asked for, or a command was left out and help was shown: nothing more is to be said. */
const isAnswered = ({ code }: CommanderError): boolean => /\.(help|helpDisplayed|version)$/.test(code)

const misuse = ({ code, message }: CommanderError, path: string): Problem => {
  const [said = '', hint] = message.replace(/^error: /, '').split('\n')
  const meant = hint?.match(/^\(Did you mean (.*)\?\)$/)?.[1]
  const help = meant === undefined ? `\`${path} --help\` tells what there is` : `did you mean \`${meant}\`?`
  return new Problem({
    // What was typed is no command, or not all of one.
    code: 'command-line-wrong',
    summary: `\`${path}\`: ${said.replace(/\.$/, '')}`,
    help,
    ...sentences[code]?.({ said, path, help }),
    exit: exitCodes.input,
  })
}

type Misuse = {
  /** What commander says. */
  readonly said: string
  readonly path: string
  readonly help: string
}

/** In our words what commander says in its own; one that is not here is told in commander's. */
const sentences: Readonly<Record<string, (misuse: Misuse) => Partial<ProblemFields>>> = {
  'commander.unknownCommand': ({ said, path, help }) => ({
    code: 'command-unknown',
    summary: `There is no command \`${path} ${quoted(said)}\``,
    help,
  }),
  'commander.unknownOption': ({ said, path, help }) => ({
    code: 'flag-unknown',
    summary: `\`${path}\` has no flag \`${quoted(said)}\``,
    help: insteadOfFlag(quoted(said)) ?? help,
  }),
  'commander.missingArgument': ({ said, path, help }) => ({
    code: 'word-missing',
    summary: `\`${path}\` needs a <${quoted(said)}>`,
    help,
  }),
  'commander.excessArguments': ({ said, path, help }) => {
    const [, wanted = 'none', seen = 'more'] = said.match(/Expected (\d+) .*got (\d+)/) ?? []
    return {
      code: 'words-too-many',
      summary: `\`${path}\` got more words than it takes`,
      seen,
      wanted,
      help: `${help}; several values of one flag stand behind commas, such as \`--only a,b\``,
    }
  },
  'commander.invalidArgument': ({ said, help }) => {
    const [, flag, seen, wanted] =
      said.match(/(--[\w-]+).*argument '(.*)' is invalid\. (?:Allowed choices are )?(.*?)\.?$/) ?? []
    return { code: 'flag-value', summary: `\`${flag} ${seen}\` cannot be used`, ...(wanted && { wanted }), help }
  },
}

const quoted = (said: string): string => said.match(/'([^']*)'/)?.[1] ?? ''

/** Reads a number of things. @throws {InvalidArgumentError} */
export const countOf = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('a whole number, 1 or more')
}
