// What a doctor found, for somebody who hears it: a sentence for each question and each finding, and no sign in it.
import { inventoryFragment } from '../../inventory/fragment.ts'
import { plural } from '../counts.ts'
import { oneLine, printableLines } from '../printable.ts'
import { inSpeech } from '../spoken/words.ts'
import { byReason, countOf, grouped, nothingWrong } from './groups.ts'
import type { Cell, Doctor, Finding, Row } from './model.ts'

const words: Readonly<Record<Cell['sign'], string>> = {
  ok: 'right',
  mind: 'to be minded',
  wrong: 'wrong',
  unknown: 'not known',
}

export const doctorSpoken = (doctor: Doctor): string => {
  const { cluster, hosts, rows, findings, notAsked, lines } = doctor
  const inventory = inventoryFragment(lines)
  return [
    `Cluster ${oneLine(cluster)}, nodes ${hosts.join(', ')}.`,
    ...rows.flatMap(row => rowSentences(row, hosts)),
    findings.length === 0 ? nothingWrong(notAsked) : `Findings: ${inSpeech(countOf(findings))}.`,
    ...findings.flatMap(findingSentences),
    ...(notAsked.length === 0 ? [] : [`${plural(notAsked.length, 'question')} not asked, for want of a value.`]),
    ...byReason(notAsked).map(
      ({ names, because }) => `Not asked, ${oneLine(because)}: ${names.map(oneLine).join(', ')}.`,
    ),
    ...(inventory === '' ? [] : ['For the inventory, as it is to be written:', ...printableLines(inventory)]),
    '',
  ].join('\n')
}

const rowSentences = ({ name, cells }: Row, hosts: Doctor['hosts']): readonly string[] =>
  grouped(cells).map(group => {
    const whose = group.hosts.length === hosts.length ? 'all nodes' : group.hosts.join(', ')
    return inSpeech(`${oneLine(name)}, ${whose}: ${words[group.sign]}. ${group.text || 'nothing'}`)
  })

const findingSentences = ({ kind, hosts, summary, seen, help }: Finding): readonly string[] => [
  inSpeech(`${hosts.join(', ')}, ${words[kind]}: ${oneLine(summary)}`),
  ...told('Seen', seen),
  ...told('Help', help),
]

const told = (label: string, text: string | undefined): readonly string[] =>
  text === undefined ? [] : printableLines(text).map((line, at) => (at === 0 ? `${label}: ${line}` : line))
