// Reads how steps are carried out: as whom, in which environment, how long, and what of it is shown.
import { hasTemplate } from '../template/template.ts'
import { compileTree } from '../template/tree.ts'
import { child, entries, type Located } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { isVariableName } from './parts.ts'
import type { Way } from './playbook.ts'

export const readWay = (node: Located, reader: Reader): Way => {
  tellCheckMode(node, reader)
  return {
    become: reader.truth(node, 'become'),
    becomeUser: readUser(node, reader),
    environment: readEnvironment(node, reader),
    ignoreErrors: reader.truth(node, 'ignore_errors'),
    noLog: reader.truth(node, 'no_log'),
    onlyLooks: reader.truth(node, 'check_mode') || undefined,
    showsDiff: reader.truth(node, 'diff'),
    timeoutMs: readTimeout(node, reader),
  }
}

/** A dry run leaves no trace, so nothing is carried out in one. */
const tellCheckMode = (node: Located, reader: Reader): void => {
  const written = child(node, 'check_mode')
  if (written === undefined || reader.truth(node, 'check_mode') !== false) return
  reader.tell({
    code: 'check-mode-off',
    summary: 'A dry run carries nothing out, whatever a step says',
    span: written.span,
    help: 'a command that only looks has the argument `reads: true`: it is carried out in a dry run too',
  })
}

const readUser = (node: Located, reader: Reader): string | undefined => {
  const user = reader.text(node, 'become_user')
  if (user === undefined || (/^[\w.][\w.-]*\$?$/.test(user) && !hasTemplate(user))) return user
  const written = child(node, 'become_user')
  if (written)
    reader.wrong(
      written,
      '`become_user`',
      'the name of a user: letters, digits, `_`, `.` and `-`, the last not at its beginning',
    )
  return undefined
}

const readEnvironment = (node: Located, reader: Reader): unknown => {
  const written = child(node, 'environment')
  if (written === undefined) return undefined
  const parts = written.type === 'list' ? written.items : [written]
  const wrong = parts.filter(part => part.type !== 'map' && !isFilledIn(part))
  for (const part of wrong)
    reader.wrong(part, '`environment`', 'a mapping (NAME: value), a template that gives one, or a list of them')
  for (const { key, keySpan } of parts.flatMap(entries))
    if (!isVariableName(key))
      reader.tell({
        code: 'variable-name',
        summary: `\`${key}\` cannot be the name of a variable of the environment`,
        span: keySpan,
        help: 'use letters, digits and _',
      })
  return wrong.length > 0 ? undefined : reader.take(compileTree(written)).tree
}

const isFilledIn = ({ type, value }: Located): boolean =>
  type === 'scalar' && typeof value === 'string' && value.includes('{{')

const readTimeout = (node: Located, reader: Reader): number | undefined => {
  const written = child(node, 'timeout')
  if (written === undefined) return undefined
  const seconds = written.type === 'scalar' && written.value !== true ? Number(written.value || Number.NaN) : Number.NaN
  if (seconds > 0) return seconds * 1000
  reader.wrong(written, '`timeout`', 'a number of seconds, more than 0')
  return undefined
}
