// What a doctor found as text for a terminal, as Markdown and as JSON. What nodes said is printable in each.
import { inventoryFragment } from '../../inventory/fragment.ts'
import { plural } from '../counts.ts'
import { fitted } from '../fitted.ts'
import { asText, fence, inCell } from '../markdown-text.ts'
import { colours, noColours, type Paint, type Palette } from '../palette.ts'
import { oneLine, padTo, printableLines, widthOf } from '../printable.ts'
import { byReason, countOf, grouped, nothingWrong } from './groups.ts'
import type { Cell, Doctor, Finding, Row } from './model.ts'
import { doctorSpoken } from './spoken.ts'

/** Raised when a field is taken away or means something else; a new field raises nothing. */
const doctorFormat = 1

export const doctorJson = (doctor: Doctor): string =>
  `${JSON.stringify({ version: doctorFormat, ...doctor, inventory: inventoryOf(doctor) }, null, 2)}\n`

const inventoryOf = ({ lines }: Doctor): string => inventoryFragment(lines)

export type DoctorTextOptions = {
  readonly colour?: boolean
  /** How wide the screen is; nothing is broken without it. */
  readonly columns?: number
  /** For somebody who hears it. */
  readonly isSpoken?: boolean
}

export const doctorText = (doctor: Doctor, options: DoctorTextOptions = {}): string => {
  if (options.isSpoken) return doctorSpoken(doctor)
  const { cluster, hosts, rows, findings, notAsked } = doctor
  const palette = options.colour ? colours : noColours
  const columns = options.columns ?? Number.POSITIVE_INFINITY
  const screen = { palette, columns, nameWidth: columns < narrow ? 0 : Math.max(0, ...rows.map(widthOfName)) }
  return [
    ...fitted(`${palette.strong(`Cluster ${oneLine(cluster)}`)}  ${hosts.join(' → ')}`, columns, 2),
    '',
    ...rows.flatMap(row => rowLines(row, screen)),
    ...(rows.length === 0 ? [] : ['']),
    ...(findings.length === 0
      ? [nothingWrong(notAsked)]
      : [countOf(findings), ...findings.flatMap(finding => findingLines(finding, screen))]),
    ...notAskedLines(notAsked, screen),
    ...pasteLines(doctor, palette),
    '',
  ].join('\n')
}

type Screen = { readonly palette: Palette; readonly columns: number; readonly nameWidth: number }

/** Below this names are no column: there is no room beside it. */
const narrow = 80

const widthOfName = ({ name }: Row): number => widthOf(oneLine(name))

const signs = { ok: '✔', mind: '!', wrong: '✖', unknown: '?' } as const
const severity: readonly Cell['sign'][] = ['wrong', 'unknown', 'mind', 'ok']

const paintOf = (sign: Cell['sign'], palette: Palette): Paint =>
  ({ ok: palette.changed, mind: palette.planned, wrong: palette.failed, unknown: palette.unknown })[sign]

const signed = (sign: Cell['sign'], palette: Palette): string => paintOf(sign, palette)(signs[sign])

/** Columns of the sign before a name. */
const lead = 3

/** One line where all nodes say the same; else a line for those who do. */
const rowLines = ({ name, cells }: Row, { palette, columns, nameWidth }: Screen): readonly string[] => {
  const worst = severity.find(sign => cells.some(cell => cell.sign === sign)) ?? 'ok'
  const groups = grouped(cells)
  const head = ` ${signed(worst, palette)} ${oneLine(name)}`
  const [only, ...others] = groups
  if (only && others.length === 0) {
    const text = only.text || 'nothing'
    // Without a column the name needs a sign where it ends.
    return nameWidth === 0
      ? fitted(`${head}: ${text}`, columns, lead + 2)
      : fitted(`${padTo(head, nameWidth + lead)}  ${text}`, columns, nameWidth + lead + 2)
  }
  return [
    head,
    ...groups.flatMap(({ sign, hosts, text }) =>
      fitted(`   ${signed(sign, palette)} ${palette.dim(hosts.join(', '))}  ${text || 'nothing'}`, columns, 7),
    ),
  ]
}

const findingLines = ({ kind, hosts, summary, seen, help }: Finding, screen: Screen): readonly string[] => [
  ...fitted(` ${signed(kind, screen.palette)} ${hosts.join(', ')}  ${oneLine(summary)}`, screen.columns, 5),
  ...(seen === undefined ? [] : detail('seen', seen, screen)),
  ...(help === undefined ? [] : detail('help', help, screen)),
]

const detail = (label: string, text: string, { palette, columns }: Screen): readonly string[] =>
  printableLines(text).flatMap((line, index) =>
    fitted(`     ${index === 0 ? palette.dim(label) : '    '}  ${line}`, columns, 11),
  )

const notAskedLines = (notAsked: Doctor['notAsked'], { columns }: Screen): readonly string[] =>
  notAsked.length === 0
    ? []
    : [
        '',
        `${plural(notAsked.length, 'question')} not asked, for want of a value:`,
        ...byReason(notAsked).flatMap(({ names, because }) =>
          fitted(` - ${oneLine(because)}: ${names.map(oneLine).join(', ')}`, columns, 5),
        ),
      ]

const pasteLines = (doctor: Doctor, { strong }: Palette): readonly string[] => {
  const text = inventoryOf(doctor)
  return text === '' ? [] : ['', strong('For the inventory'), '', ...printableLines(text)]
}

export const doctorMarkdown = (doctor: Doctor): string => {
  const { cluster, hosts, rows, findings, notAsked } = doctor
  const row = (cells: readonly string[]) => `| ${cells.map(cell => inCell(asText(cell))).join(' | ')} |`
  const cellOf = (cells: readonly Cell[], host: string) => {
    const cell = cells.find(each => each.host === host)
    return cell === undefined ? '' : `${signs[cell.sign]} ${cell.text}`
  }
  const inventory = inventoryOf(doctor)
  return [
    `# Cluster ${asText(cluster)}`,
    '',
    row(['', ...hosts]),
    `|${' --- |'.repeat(hosts.length + 1)}`,
    ...rows.map(({ name, cells }) => row([name, ...hosts.map(host => cellOf(cells, host))])),
    '',
    '## Findings',
    '',
    ...(findings.length === 0 ? [nothingWrong(notAsked)] : findings.map(markdownFinding)),
    '',
    ...(notAsked.length === 0
      ? []
      : [
          '## Not asked',
          '',
          ...byReason(notAsked).map(({ names, because }) => `- ${asText(because)}: ${names.map(asText).join(', ')}`),
          '',
        ]),
    ...(inventory === '' ? [] : ['## For the inventory', '', fence(printableLines(inventory), 'yaml'), '']),
  ].join('\n')
}

const markdownFinding = ({ kind, hosts, summary, seen, help }: Finding): string =>
  [
    `- ${signs[kind]} **${hosts.map(asText).join(', ')}** ${asText(summary)}`,
    ...(seen === undefined ? [] : [`  - seen: ${printableLines(seen).map(asText).join('; ')}`]),
    ...(help === undefined ? [] : [`  - help: ${printableLines(help).map(asText).join('; ')}`]),
  ].join('\n')
