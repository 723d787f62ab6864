// What a doctor found as text for a terminal, as Markdown and as JSON. What nodes said is printable in each.
import { asText, inCell } from '../markdown-text.ts'
import { oneLine, padTo, widthOf } from '../printable.ts'
import type { Doctor } from './findings.ts'

export const doctorJson = (doctor: Doctor): string => `${JSON.stringify(doctor, undefined, 2)}\n`

export const doctorText = ({ cluster, hosts, rows, findings, paste }: Doctor): string => {
  const lines = rows.flatMap(({ name, cells }) => [
    oneLine(name),
    ...cells.map((cell, index) => `  ${padTo(hosts[index] ?? '', widest(hosts))}  ${oneLine(cell)}`),
  ])
  return [
    `Cluster ${cluster}: ${hosts.join(' → ')}`,
    '',
    ...lines,
    '',
    ...(findings.length > 0 ? ['Findings', ...findings.map(text => `  ✖ ${oneLine(text)}`)] : ['Nothing found.']),
    ...(paste.length > 0
      ? ['', 'For the inventory, below `all: vars:`', ...paste.map(line => `    ${oneLine(line)}`)]
      : []),
    '',
  ].join('\n')
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf))

export const doctorMarkdown = ({ cluster, hosts, rows, findings, paste }: Doctor): string => {
  const row = (cells: readonly string[]) => `| ${cells.map(cell => inCell(asText(cell))).join(' | ')} |`
  return [
    `# Cluster ${asText(cluster)}`,
    '',
    row(['asked', ...hosts]),
    `|${' --- |'.repeat(hosts.length + 1)}`,
    ...rows.map(({ name, cells }) => row([name, ...cells])),
    '',
    '## Findings',
    '',
    ...(findings.length > 0 ? findings.map(text => `- ${asText(text)}`) : ['None.']),
    '',
    ...(paste.length > 0 ? ['## For the inventory', '', '```yaml', ...paste.map(oneLine), '```', ''] : []),
  ].join('\n')
}
