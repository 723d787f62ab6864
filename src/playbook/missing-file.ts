// A file that a playbook names and that is not there: told with the one beside it that was most likely meant.
import { posix } from 'node:path'
import type { ProblemFields } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import { proposal } from '../text/did-you-mean.ts'
import type { PlaybookFiles } from './playbook.ts'

type Named = { readonly span: Span | undefined; readonly files: PlaybookFiles }

export const missingFile = (path: string, { span, files }: Named): ProblemFields => ({
  code: 'file-not-found',
  summary: `There is no file ${path}`,
  ...(span && {
    span,
    help:
      proposal(posix.basename(path), files.namesIn?.(posix.dirname(path)) ?? []) ??
      'correct its name; it is looked for beside the file that names it',
  }),
})
