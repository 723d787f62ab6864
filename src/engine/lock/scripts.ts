// A lock is a directory that is there only while somebody has it; these scripts are all that ever touches one on a node.
//
// `mkdir` is what no two can both do, on the oldest node too. Who takes over from a dead run makes `turn` inside it
// first, and looks who has it then: of two who saw the same dead run, the second meets the first.
import { z } from 'zod'
import type { Owner, SeenLock } from '../../model/lock.ts'
import type { HostShell } from '../../shell/host-shell.ts'
import { quote } from '../../shell/quote.ts'

/** Where a lock can lie: a directory on a node, or on the controller. */
export type LockPlace = { readonly run: HostShell['run']; readonly directory: string; readonly here?: LockHere }

/** On this machine, without a program. Each says whether it was done; where not, all is as before and a script is run. */
export type LockHere = { take(owner: string): boolean; giveBack(token: string): boolean }

/** The first line names the lock and what is done with it. */
const script = (directory: string, name: string, body: string): string =>
  `d=${quote(directory)} # lock ${name}\n${body.trim()}\n`

/** Ages are told by the clock of the place, so both times are its own. */
const tell = `
if [ -d "$d" ]; then
  echo "lock held $(date +%s) $(cat "$d/beat" 2>/dev/null)"
  if [ -s "$d/owner" ]; then printf 'owner '; cat "$d/owner"; echo; fi
else echo 'lock free'; fi`

const beat = 'date +%s >"$d/beat.new" && mv "$d/beat.new" "$d/beat"'

export const lookScript = (directory: string): string => script(directory, 'look', tell)

/** The line into `owner`, without a program that would have to be started for it. */
const ownerRead = '{ IFS= read -r owner || [ -n "$owner" ]; }'

/** Where that fails, a program says why in better words than a shell. */
const ownerWritten =
  '{ printf %s "$owner" 2>/dev/null >"$d/owner" || printf %s "$owner" 2>/dev/null | cat >"$d/owner"; }'

/** Reads its owner from stdin. */
export const takeScript = (directory: string): string =>
  script(
    directory,
    'take',
    `
for try in 1 2; do
if why=$(umask 077; { { [ -d "\${d%/*}" ] || mkdir -p "\${d%/*}"; } && mkdir "$d"; } 2>&1); then
  if why=$(umask 077; { ${ownerRead} && ${ownerWritten} && date +%s >"$d/beat"; } 2>&1); then echo 'lock taken'
  else rm -rf "$d"; echo "lock failed $why"; fi
  break
elif [ -d "$d" ]; then ${tell}
  break
# Whoever had it may have given it back just now.
elif [ "$try" = 2 ]; then echo "lock failed $why"; fi
done`,
  )

/** Reads its owner from stdin; takes over only from the one that is named. */
export const supersedeScript = (directory: string, token: string): string =>
  script(
    directory,
    'supersede',
    `
if mkdir "$d/turn" 2>/dev/null; then
  if ${isOf(token)} && (umask 077; cat >"$d/owner.new") && mv "$d/owner.new" "$d/owner" && ${beat}; then echo 'lock taken'
  else ${tell}
  fi
  rmdir "$d/turn"
else ${tell}
fi`,
  )

export const beatScript = (directory: string, token: string): string =>
  script(directory, 'beat', `if ${isOf(token)}; then ${beat}; echo 'lock kept'; else echo 'lock lost'; fi`)

/** Moved away before it is cleared: nobody ever sees a lock that is half gone. */
export const giveBackScript = (directory: string, token: string): string =>
  script(
    directory,
    'give-back',
    `if ${isOf(token)} && mv "$d" "$d.${token}"; then rm -rf "$d.${token}"; echo 'lock free'; else echo 'lock lost'; fi`,
  )

/** For a lock of which nobody can read whose it is. */
export const clearScript = (directory: string, token: string): string =>
  script(
    directory,
    'clear',
    `if mv "$d" "$d.${token}"; then rm -rf "$d.${token}"; echo 'lock free'; else echo 'lock lost'; fi`,
  )

const isOf = (token: string): string =>
  `{ owner=; ${ownerRead}; } 2>/dev/null <"$d/owner" && case $owner in (*${quote(`"token":"${token}"`)}*) ;; (*) false ;; esac`

export type LockAnswer =
  | { readonly type: 'taken' | 'free' | 'kept' | 'lost' }
  | { readonly type: 'held'; readonly lock: SeenLock }
  | { readonly type: 'failed'; readonly because: string }

/** @param stdout May hold other lines as well; they are left to others. */
export const readAnswer = (stdout: string, place: string): LockAnswer => {
  const lines = stdout.split('\n')
  const [, type = '', rest = ''] = lines.map(line => /^lock (\w+) ?(.*)$/.exec(line)).find(found => found) ?? []
  if (type === 'taken' || type === 'free' || type === 'kept' || type === 'lost') return { type }
  if (type === 'held') return { type, lock: { place, ...ageOf(rest), ...readOwner(lines) } }
  return { type: 'failed', because: printable(rest) || 'no answer' }
}

const ageOf = (times: string): Pick<SeenLock, 'silentForMs'> => {
  const [, now, last] = /^(\d+) (\d+)$/.exec(times) ?? []
  // A clock that was set back is no silence.
  return now === undefined || last === undefined ? {} : { silentForMs: Math.max(0, Number(now) - Number(last)) * 1000 }
}

/** What comes from a node is shown to people: nothing in it that a terminal would obey. */
const printable = (text: string): string => text.replace(/\p{C}/gu, ' ').trim()
const word = z.string().max(4000).transform(printable)

const owner = z.object({
  version: z.literal(1),
  token: z.string().regex(/^[\da-f]{32}$/),
  run: word,
  cluster: word,
  user: word,
  controller: word,
  machine: z.string(),
  pid: z.int().positive(),
  started: z.string(),
  since: word,
  why: word,
})

const readOwner = (lines: readonly string[]): Pick<SeenLock, 'owner'> => {
  const text = lines.find(line => line.startsWith('owner '))?.slice('owner '.length)
  const found = text === undefined ? undefined : parseOwner(text)
  return found ? { owner: found } : {}
}

/** @returns Nothing where it is not what this program writes. */
export const parseOwner = (text: string): Owner | undefined => {
  try {
    return owner.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
