// Into another user's shell by su, which asks for the password on a terminal and nowhere else.
import { randomBytes } from 'node:crypto'
import { Problem, type ProblemFields } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import { quoteWord } from '../shell/quote.ts'
import { redact } from '../shell/redact.ts'
import { becomeFailed } from './become-problems.ts'
import { bridge } from './bridge.ts'
import { type Door, lastWords } from './door.ts'
import { startingSh } from './login-line.ts'

export type SuFields = { readonly host: string; readonly user: string; readonly password?: Secret }

/**
 * The way in through su.
 *
 * The password is typed once, when the terminal shows no more what is typed: so no word of any language is looked for,
 * and nothing else than a question for a secret gets it.
 *
 * A door is used once: it remembers that the password was given.
 *
 * @throws {Problem} on its way: `no-su`, `su-password-missing`, `su-password-wrong`.
 */
export const suDoor = ({ host, user, password }: SuFields): Door => {
  const marker = `su-${randomBytes(12).toString('hex')}`
  let isGiven = false
  let heard = ''
  let refusal: Problem | undefined
  const answer = (said: string): Secret | undefined => {
    if (isGiven || !said.includes(marker)) return undefined
    if (!password) throw suPasswordMissing({ host, user })
    isGiven = true
    return password
  }
  /** What the terminal says is heard here, where the shell has streams of its own. */
  const hear = (said: string): Secret | undefined => {
    heard = said
    return answer(said)
  }
  const refuse = (error: unknown) => {
    if (error instanceof Problem) refusal = error
  }
  const start = (line: string) => `${watching(marker)} ${starting(user, line)}`
  return {
    user,
    knock: startingSh,
    open: (connection, line, { pty } = {}) =>
      pty
        ? connection.open(startingSh(start(line)), { pty })
        : bridge(connection, { start: start(`exec <&3 >&4 2>&5 3<&- 4>&- 5>&-; ${line}`), hear, refuse }),
    answer,
    shut(said, exitCode) {
      if (refusal) return refusal
      const words = `${heard}${said}`.replaceAll(marker, '').replaceAll('\r', '')
      if (isGiven && /authentication failure|incorrect password|permission denied/i.test(words))
        return suPasswordWrong({ host, user })
      return noSu(host, {
        summary: `su on ${host} does not let in as ${user}`,
        seen: redact(lastWords(words, exitCode), password ? [password] : []),
      })
    },
  }
}

/** Beyond su the terminal bears this mark, which means nothing: then no more questions of su are awaited. */
const beyond = 'ixany'

/** Looks at the terminal, since su does not say when it waits. */
const watching = (marker: string): string => `
(
  tries=600
  while [ $tries -gt 0 ]; do
    case " $(stty -a </dev/tty 2>/dev/null | tr '\\n;' '  ') " in
      *" ${beyond} "*) exit ;;
      *" -echo "*) echo ${marker}; exit ;;
    esac
    sleep 0.05 2>/dev/null || sleep 1
    tries=$((tries - 1))
  done
) 3<&- 4>&- 5>&- &
`

const starting = (user: string, line: string): string => {
  const inside = startingSh(`stty ${beyond} 2>/dev/null; ${line}`)
  return `unset LANGUAGE; LC_ALL=C; export LC_ALL; exec su ${quoteWord(user)} -c ${quoteWord(inside)}`
}

type Who = { readonly host: string; readonly user: string }

const noSu = (host: string, fields: Pick<ProblemFields, 'summary' | 'seen'>): Problem =>
  becomeFailed({
    ...fields,
    // su is not there, or starts no shell.
    code: 'no-su',
    host,
    wanted: 'su that starts `/bin/sh`',
    help: `try it by hand on ${host}: \`su -c id\`; has the user a login shell? Or log in as the user that the steps need`,
  })

const suPasswordMissing = ({ host, user }: Who): Problem =>
  becomeFailed({
    code: 'su-password-missing',
    summary: `su on ${host} wants the password of ${user}`,
    host,
    help: 'name one in the inventory: `ansible_become_password: { secret: ask }`',
  })

const suPasswordWrong = ({ host, user }: Who): Problem =>
  becomeFailed({
    code: 'su-password-wrong',
    summary: `su on ${host} refused the password of ${user}`,
    host,
    help: `mend \`ansible_become_password\` in the inventory; su wants the password of ${user}, not that of who logs in`,
  })
