// How the file of a template is to be read, as its first line says it: `#jinja2: lstrip_blocks: True`.
import { didYouMean } from '../text/did-you-mean.ts'
import { TemplateFault, type TextForm } from './lexer.ts'

export type WrittenForm = {
  readonly form: TextForm
  readonly faults: readonly TemplateFault[]
  /** Where the template begins. */
  readonly from: number
}

const opening = '#jinja2:'

export const readForm = (text: string): WrittenForm => {
  if (!text.startsWith(opening)) return { form: {}, faults: [], from: 0 }
  const end = text.includes('\n') ? text.indexOf('\n') : text.length
  const faults: TemplateFault[] = []
  const form: Record<string, boolean> = {}
  for (const found of text.slice(0, end).matchAll(/(?<=[:,])\s*(\w+)\s*:\s*([^,]*)/g)) {
    const [whole, name = '', value = ''] = found
    const start = found.index + whole.indexOf(name)
    const read = readPair(name, value.trim(), { start, end: start + name.length })
    if (read instanceof TemplateFault) faults.push(read)
    else Object.assign(form, read)
  }
  return { form, faults, from: Math.min(text.length, end + 1) }
}

const switches: Readonly<Record<string, (isOn: boolean) => TextForm>> = {
  trim_blocks: isOn => ({ keepsBreaks: !isOn }),
  lstrip_blocks: isOn => ({ stripsBefore: isOn }),
}

const readPair = (name: string, value: string, at: { start: number; end: number }): TextForm | TemplateFault => {
  const set = Object.hasOwn(switches, name) ? switches[name] : undefined
  if (set === undefined)
    return new TemplateFault(
      `\`${name}\` of a template is not supported`,
      at,
      didYouMean(name, Object.keys(switches)) ?? `there are: ${Object.keys(switches).join(', ')}`,
    )
  if (value === 'True' || value === 'False') return set(value === 'True')
  return new TemplateFault(`\`${name}\` must be True or False, and is ${value || 'empty'}`, at)
}
