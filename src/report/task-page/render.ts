// The page of a task, as Markdown for `docs/tasks/` and as text for a terminal; and the list of all of them.
import { breakLines } from '../../text/break-lines.ts'
import { fence, inCell } from '../markdown-text.ts'
import { colours, noColours, type Palette } from '../palette.ts'
import { padTo, widthOf } from '../printable.ts'
import type { TaskPage, TaskRow } from './model.ts'

export const taskMarkdown = (page: TaskPage): string =>
  [
    `# \`${page.name}\``,
    made(page.name),
    `${page.summary}.`,
    ...(page.traits.length === 0 ? [] : [page.traits.join(' ')]),
    ...(page.example === undefined ? [] : [fence(page.example.split('\n'), 'yaml')]),
    ...(page.args.length === 0 ? [] : ['## Arguments', table(page.args, 'unless told')]),
    ...(page.result.length === 0 ? [] : ['## What `register` gets', table(page.result)]),
    ...(page.instead.length === 0 ? [] : ['## Of Ansible, and not here', insteadTable(page.instead)]),
    '',
  ].join('\n\n')

const made = (name: string): string => `<!-- Made from its definition: run docs ${name} --format md -->`

const table = (rows: readonly TaskRow[], usual?: string): string =>
  [
    usual === undefined ? '| name | what it is | |' : `| argument | what it may be | ${usual} | |`,
    usual === undefined ? '|---|---|---|' : '|---|---|---|---|',
    ...rows.map(row => {
      const cells = usual === undefined ? [] : [usualOf(row) && (row.isNeeded ? usualOf(row) : `\`${usualOf(row)}\``)]
      return `| ${[`\`${row.name}\``, row.type, ...cells, saidOf(row)].map(inCell).join(' | ')} |`.replace(
        / {2,}/g,
        ' ',
      )
    }),
  ].join('\n')

const insteadTable = (rows: TaskPage['instead']): string =>
  ['| argument | write instead |', '|---|---|', ...rows.map(row => `| \`${row[0]}\` | ${inCell(row[1])} |`)].join('\n')

const usualOf = ({ isNeeded, usual = '' }: TaskRow): string => (isNeeded ? 'needed' : usual)

const saidOf = ({ says = '', aliases }: TaskRow): string =>
  [says, ...(aliases.length === 0 ? [] : [`also ${aliases.map(alias => `\`${alias}\``).join(', ')}`])]
    .filter(Boolean)
    .join('; ')

export type TaskTextOptions = {
  readonly colour?: boolean
  /** How wide the screen is; nothing is broken without it. */
  readonly columns?: number
}

export const taskText = (page: TaskPage, options: TaskTextOptions = {}): string => {
  const palette = options.colour ? colours : noColours
  const columns = options.columns ?? Number.POSITIVE_INFINITY
  const paragraph = (text: string) => breakLines(text, columns)
  return [
    palette.strong(page.name),
    ...paragraph(`${page.summary}.`),
    ...page.traits.flatMap(trait => paragraph(trait)),
    ...(page.example === undefined ? [] : ['', ...page.example.split('\n').map(line => `  ${line}`)]),
    ...part('Arguments', page.args, { palette, columns }),
    ...part('What register gets', page.result.map(given), { palette, columns }),
    ...(page.instead.length === 0 ? [] : ['', palette.strong('Of Ansible, and not here')]),
    ...page.instead.flatMap(([name, help]) => hanging(`  ${name}`, help, columns)),
    '',
  ].join('\n')
}

type Screen = { readonly palette: Palette; readonly columns: number }

const part = (title: string, rows: readonly TaskRow[], { palette, columns }: Screen): readonly string[] =>
  rows.length === 0
    ? []
    : ['', palette.strong(title), ...rows.flatMap(row => hanging(`  ${row.name}`, told(row), columns))]

/** Of what is handed on, nothing is asked for. */
const given = (row: TaskRow): TaskRow => ({ ...row, isNeeded: false })

const told = (row: TaskRow): string => {
  const usual = usualOf(row)
  const mark = row.isNeeded ? ', needed' : usual === '' ? '' : `, ${usual} unless told`
  const said = saidOf(row)
  return `${row.type}${mark}${said === '' ? '' : ` — ${said}`}`
}

const nameWidth = 18

/** A name, and beside it what is said of it. */
const hanging = (name: string, text: string, columns: number): readonly string[] => {
  const indent = nameWidth + 2
  const [first = '', ...rest] = breakLines(text, Math.max(20, columns - indent))
  const lead = widthOf(name) > nameWidth ? [name, ' '.repeat(indent) + first] : [`${padTo(name, nameWidth)}  ${first}`]
  return [...lead, ...rest.map(line => ' '.repeat(indent) + line)]
}

/** Each with its sentence, holds last. */
export const taskList = (pages: readonly TaskPage[], options: TaskTextOptions = {}): string => {
  const columns = options.columns ?? Number.POSITIVE_INFINITY
  const rows = (kind: TaskPage['kind']) =>
    pages.filter(page => page.kind === kind).flatMap(page => hanging(`  ${page.name}`, page.summary, columns))
  const holds = rows('hold')
  return ['Tasks', ...rows('task'), ...(holds.length === 0 ? [] : ['To hold around a block', ...holds]), ''].join('\n')
}

/** The page that leads to all of them. */
export const taskIndexMarkdown = (pages: readonly TaskPage[]): string =>
  [
    '# Tasks',
    '<!-- Made from their definitions: TASKS=write npx vitest run --project unit test/docs/tasks.test.ts -->',
    'What a playbook can name. `run docs` tells the same in the terminal, with the tasks of your own site; `run docs TASK` a page.',
    [
      '| name | what it does |',
      '|---|---|',
      ...pages.map(page => `| [\`${page.name}\`](${page.name}.md) | ${inCell(page.summary)} |`),
    ].join('\n'),
    '',
  ].join('\n\n')
