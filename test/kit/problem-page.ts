// docs/problems.md as the definitions in the source make it: each code, what it says, and the way on.
import { type Definition, problemDefinitions, toldWithIt } from './problem-definitions.ts'

/** Where a definition lies, and what that means to a reader; the first that fits counts. */
const parts: readonly (readonly [title: string, isHere: RegExp])[] = [
  ['Files that you write', /^src\/(?:text|template|inventory|playbook|plan|shell\/dialogue\.)/],
  ['Reaching a node, and the directory', /^src\/transport\//],
  ['While a run goes on', /^src\/(?:engine|journal|shell|report|model)\//],
  ['Steps', /^(?:tasks|playbooks|src\/task)\//],
  ['The command itself', /^src\/cli\//],
]

const head = `# Problems

<!-- Made from the definitions in the source: PROBLEMS=write npx vitest run --project unit test/docs/problems.test.ts -->

Every problem has a code, which stands in brackets behind \`error\`: \`error[host-unknown]\`. Look for it here. \`…\` is what
differs: a name, a host, a number. A problem itself tells more than this page: where it was written, what was seen, what
was already changed, and how to go on. What the command ends with then is in [exit-codes.md](exit-codes.md); what was
seen when each fault was brought about is in [faults.md](faults.md).
`

export const problemPage = (): string => {
  const definitions = problemDefinitions()
  const partOf = ({ file }: Definition) => parts.find(([, isHere]) => isHere.test(file))?.[0]
  const first = new Map<string, Definition>()
  for (const each of definitions) if (!first.has(each.code)) first.set(each.code, each)
  const sections = parts.map(([title]) => {
    const codes = [...first.values()].filter(each => partOf(each) === title).map(({ code }) => code)
    const rows = codes.sort().map(code => rowOf(code, definitions))
    return `## ${title}\n\n| code | what is wrong | the way on |\n| --- | --- | --- |\n${rows.join('\n')}\n`
  })
  return [head, ...sections].join('\n')
}

const rowOf = (code: string, definitions: readonly Definition[]): string => {
  const own = definitions.filter(each => each.code === code)
  const says = distinct(own.flatMap(each => each.says))
  const help = distinct(own.flatMap(each => each.help))
  const wanted = distinct(own.flatMap(each => each.wanted)).map(text => `wanted: ${text}`)
  const ways = help.length > 1 ? help.filter(text => text !== toldWithIt) : help
  return `| \`${code}\` | ${cell(says)} | ${cell(ways.length > 0 ? ways : wanted)} |`
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)]

const cell = (texts: readonly string[]): string =>
  texts
    .map(text =>
      text
        .replaceAll('|', '\\|')
        .replaceAll('<', '&lt;')
        .replace(/\s*\n\s*/g, '; '),
    )
    .join('<br>')
