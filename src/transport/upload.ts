// Writes a file on a node: all of it or nothing, through a temporary one beside it.
import { Problem } from '../model/problem.ts'
import type { CommandResult } from '../shell/host-shell.ts'
import { quote } from '../shell/quote.ts'
import { tail } from '../shell/tail.ts'

export type UploadFields = { readonly path: string; readonly mode: string; readonly size: number }

/**
 * A script that reads the file from stdin.
 *
 * It counts the bytes before it puts the file in place: a connection that breaks also ends the input.
 */
export const uploadScript = ({ path, mode, size }: UploadFields): string => `
path=${quote(path)}
if [ -d "$path" ]; then echo "$path is a directory" >&2; exit 1; fi
umask 077
new=$(mktemp "$path.XXXXXX") || exit 1
trap 'rm -f "$new"' EXIT
cat >"$new" || exit 1
[ $(($(wc -c <"$new"))) -eq ${size} ] || { echo 'the connection broke' >&2; exit 1; }
chmod ${quote(mode)} "$new" && mv -f "$new" "$path"
`

export type FailedUpload = { readonly host: string; readonly path: string; readonly result: CommandResult }

export const uploadFailed = ({ host, path, result }: FailedUpload): Problem =>
  new Problem({
    code: 'upload-failed',
    summary: `${path} could not be written on ${host}`,
    host,
    seen: result.stderr.trim().split('\n').at(-1),
    state: `${path} is as it was before`,
    help: `look at the directory and its space: \`df -h ${quote(path.replace(/\/[^/]*$/, '') || '/')}\``,
    excerpt: tail(result.stderr),
  })
