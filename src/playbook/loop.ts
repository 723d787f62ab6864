// Reads `loop:` and `loop_control:`: what a step goes through, and what it calls each item.
import { compileTree } from '../template/tree.ts'
import { child, entry, type Located } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { isVariableName } from './parts.ts'
import type { Loop } from './playbook.ts'
import { unsupported } from './unsupported.ts'

const controlKeys = ['loop_var', 'index_var', 'label', 'extended']

export const readLoop = (node: Located, reader: Reader): Loop | undefined => {
  const loop = entry(node, 'loop')
  const control = child(node, 'loop_control')
  if (loop === undefined) {
    const span = entry(node, 'loop_control')?.keySpan
    const help = 'write `loop:` beside it, with the list to go through'
    if (span) reader.tell({ code: 'no-loop', summary: 'There is no `loop` that this could be about', span, help })
    return undefined
  }
  reader.keys(control, controlKeys, { noun: '`loop_control`', unsupported: unsupported.loop_control })
  if (control !== undefined && control.type !== 'map')
    reader.wrong(control, '`loop_control`', 'a mapping, such as `{ loop_var: name }`')
  const isRight = isLoopable(loop.node)
  if (!isRight) tellLoop(loop.node, reader)
  const label = child(control, 'label')
  return {
    span: loop.keySpan,
    over: isRight ? reader.take(compileTree(loop.node, { readsTruths: true })).tree : [],
    itemName: readName(control, 'loop_var', reader) ?? 'item',
    indexName: readName(control, 'index_var', reader),
    label: label === undefined ? undefined : reader.take(compileTree(label)).tree,
    isExtended: reader.truth(control, 'extended') ?? false,
  }
}

const tellLoop = (node: Located, reader: Reader): void => {
  const name = node.type === 'scalar' ? String(node.value) : ''
  const help = loopHelp(node, name)
  reader.wrong(node, '`loop`', { wanted: 'a list, or a template that gives one', ...(help && { help }) })
}

const loopHelp = ({ type, value }: Located, name: string): string | undefined => {
  if (type === 'map') return 'write `loop: "{{ … | dict2items }}"`, and `item.key` and `item.value` in the step'
  return typeof value === 'string' && isVariableName(name) ? `write \`loop: "{{ ${name} }}"\`` : undefined
}

const isLoopable = (node: Located): boolean =>
  node.type === 'list' || (node.type === 'scalar' && typeof node.value === 'string' && node.value.includes('{{'))

const readName = (control: Located | undefined, key: string, reader: Reader): string | undefined => {
  const name = reader.text(control, key)
  if (name === undefined || isVariableName(name)) return name
  const help = 'use letters, digits and _, and start with a letter'
  const span = child(control, key)?.span
  reader.tell({ code: 'variable-name', summary: `\`${name}\` cannot be the name of a variable`, span, help })
  return undefined
}
