// Filters that make a text of a text: letters, lengths, lines, and what a shell reads as one word.
import {
  argument,
  type FilterArguments,
  type Filters,
  needed,
  numberArgument,
  ofText,
  opens,
  textArgument,
} from './filter.ts'
import { printf } from './printf.ts'
import { centered, replaced, splitText, strip, titled } from './python-text.ts'
import { isTrue, textOf, ValueFault } from './values.ts'

export const textFilters: Filters = {
  lower: ofText(text => text.toLowerCase()),
  upper: ofText(text => text.toUpperCase()),
  capitalize: ofText(text => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()),
  title: ofText(titled),
  trim: ofText((text, args) => strip(text, { chars: textArgument(args, 0, 'chars') }), 'chars'),
  replace: ofText(
    (text, args) =>
      replaced(text, {
        old: textOf(needed(argument(args, 0, 'old'), 'old')),
        by: textOf(needed(argument(args, 1, 'new'), 'new')),
        most: numberArgument(args, 2, 'count'),
      }),
    'old',
    'new',
    'count',
  ),
  split: ofText(
    (text, args) =>
      splitText(text, { separator: textArgument(args, 0, 'sep'), most: numberArgument(args, 1, 'maxsplit') }),
    'sep',
    'maxsplit',
  ),
  indent: ofText(indent, 'width', 'first', 'blank'),
  center: ofText((text, args) => centered(text, widthOf(argument(args, 0, 'width') ?? 80)), 'width'),
  truncate: ofText(truncated, 'length', 'killwords', 'end', 'leeway'),
  wordwrap: ofText(wrapped, 'width', 'break_long_words', 'wrapstring', 'break_on_hyphens'),
  wordcount: ofText(text => (text.match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  comment: ofText(commented, 'style', 'decoration', 'prefix', 'prefix_count', 'postfix', 'postfix_count', 'newline'),
  string: opens(value => textOf(value)),
  format: opens((value, { positional, named }) => printf(textOf(value), { positional, named }), '*', '**'),
  // A `=` would make an assignment of a word that stands first.
  quote: ofText(text => (/^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`)),
}

function indent(text: string, args: FilterArguments): string {
  const width = argument(args, 0, 'width') ?? 4
  const prefix = typeof width === 'string' ? width : ' '.repeat(widthOf(width))
  const [first = '', ...rest] = text.split('\n')
  const isBlankToo = isTrue(argument(args, 2, 'blank'))
  const indented = rest.map(line => (line === '' && !isBlankToo ? line : prefix + line))
  return [isTrue(argument(args, 1, 'first')) ? prefix + first : first, ...indented].join('\n')
}

const widthOf = (width: unknown): number => {
  if (typeof width === 'number' && width >= 0 && width <= 1000) return Math.floor(width)
  throw new ValueFault('its argument `width` must be a number from 0 to 1000')
}

/** @source Jinja, `do_truncate`: a text that is longer by no more than the leeway stays whole. */
function truncated(text: string, args: FilterArguments): string {
  const length = numberArgument(args, 0, 'length') ?? 255
  const end = textArgument(args, 2, 'end') ?? '...'
  const signs = [...text]
  if (signs.length <= length + (numberArgument(args, 3, 'leeway') ?? 5)) return text
  const kept = signs.slice(0, Math.max(0, length - end.length)).join('')
  if (isTrue(argument(args, 1, 'killwords')) || !kept.includes(' ')) return kept + end
  return kept.slice(0, kept.lastIndexOf(' ')) + end
}

/** @source Jinja, `do_wordwrap`: each line of the text by itself. */
function wrapped(text: string, args: FilterArguments): string {
  const width = Math.max(1, widthOf(argument(args, 0, 'width') ?? 79))
  const breaksWords = isTrue(argument(args, 1, 'break_long_words') ?? true)
  const breaksHyphens = isTrue(argument(args, 3, 'break_on_hyphens') ?? true)
  const joint = textArgument(args, 2, 'wrapstring') ?? '\n'
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/)
  return lines.map(line => wrappedLine(line, { width, breaksWords, breaksHyphens }).join(joint)).join(joint)
}

type Wrapping = { readonly width: number; readonly breaksWords: boolean; readonly breaksHyphens: boolean }

const wrappedLine = (line: string, { width, breaksWords, breaksHyphens }: Wrapping): readonly string[] => {
  const pieces = line.match(breaksHyphens ? /\s+|[^\s-]*[^\s\d-]-(?=[^\s\d-])|\S+/g : /\s+|\S+/g) ?? []
  const parts = pieces.flatMap(piece => (breaksWords ? (piece.match(new RegExp(`.{1,${width}}`, 'gsu')) ?? []) : piece))
  const lines: string[] = []
  let current = ''
  for (const part of parts) {
    const isSpace = part.trim() === ''
    if (isSpace && current === '' && lines.length > 0) continue
    if ((current + part).length <= width) current += part
    else {
      if (current !== '') lines.push(current.trimEnd())
      current = isSpace ? '' : part
    }
  }
  return current.trimEnd() === '' ? lines : [...lines, current.trimEnd()]
}

type CommentStyle = { readonly decoration: string; readonly beginning?: string; readonly end?: string }

const commentStyles: Readonly<Record<string, CommentStyle>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { decoration: ' * ', beginning: '/*', end: ' */' },
  xml: { decoration: ' - ', beginning: '<!--', end: '-->' },
}

/** @source Ansible, `comment`: a line of decoration before and after; only a blank line that another follows loses its blanks. */
function commented(text: string, args: FilterArguments): string {
  const name = textArgument(args, 0, 'style') ?? 'plain'
  const style = Object.hasOwn(commentStyles, name) ? commentStyles[name] : undefined
  if (style === undefined)
    throw new ValueFault(`its argument \`style\` must be one of ${Object.keys(commentStyles).join(', ')}`)
  const decoration = textArgument(args, 1, 'decoration') ?? style.decoration
  const around = (part: 'prefix' | 'postfix', at: number): readonly string[] => {
    const sign = textArgument(args, at, part) ?? decoration.trimEnd()
    return Array.from({ length: Math.min(1000, numberArgument(args, at + 1, `${part}_count`) ?? 1) }, () => sign)
  }
  const all = text.split('\n')
  const isBlank = (line: string, at: number) => line === '' && at < all.length - 1
  const lines = all.map((line, at) => (isBlank(line, at) ? decoration.trimEnd() : decoration + line))
  const whole = [style.beginning, ...around('prefix', 2), ...lines, ...around('postfix', 4), style.end]
  return whole.filter(line => line !== undefined).join(textArgument(args, 6, 'newline') ?? '\n')
}
