// File modes in letters, as chmod reads them: which mode they make of the one that is there.

const bitsOf: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1 }
const shiftOf: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 }
const specialOf: Readonly<Record<string, number>> = { us: 0o4000, gs: 0o2000, ot: 0o1000 }

type There = { readonly mode: string; readonly isDirectory: boolean }

/** @param wanted Octal, or letters such as `u=rw,g+x`. @returns Octal, four digits. */
export const modeFrom = (wanted: string, { mode, isDirectory }: There): string => {
  if (/^\d/.test(wanted)) return wanted.padStart(4, '0')
  const made = wanted
    .split(',')
    .reduce((bits, clause) => withClause(bits, clause, isDirectory), Number.parseInt(mode, 8))
  return made.toString(8).padStart(4, '0')
}

const withClause = (bits: number, clause: string, isDirectory: boolean): number => {
  const [, who = ''] = /^([ugoa]*)/.exec(clause) ?? []
  const users = who === '' || who.includes('a') ? ['u', 'g', 'o'] : [...who]
  // Without `a` or another word, what the usual umask holds back is left alone.
  const within = who === '' ? 0o7755 : 0o7777
  return [...clause.matchAll(/([-+=])([rwxXst]*|[ugo])(?=[-+=]|$)/g)].reduce(
    (now, [, sign = '', what = '']) =>
      users.reduce(
        (each, user) => changed(each, { user, sign, bits: meantBits(what, user, { now, isDirectory }) & within }),
        now,
      ),
    bits,
  )
}

type Change = { readonly user: string; readonly sign: string; readonly bits: number }

const changed = (now: number, { user, sign, bits }: Change): number => {
  if (sign === '+') return now | bits
  if (sign === '-') return now & ~bits
  return (now & ~ofUser(user)) | bits
}

/** All bits that are one user's. */
const ofUser = (user: string): number => (7 << shift(user)) | (specialOf[`${user}s`] ?? specialOf[`${user}t`] ?? 0)

const shift = (user: string): number => shiftOf[user] ?? 0

type At = { readonly now: number; readonly isDirectory: boolean }

const meantBits = (what: string, user: string, { now, isDirectory }: At): number => {
  if (/^[ugo]$/.test(what)) return ((now >> shift(what)) & 7) << shift(user)
  return [...what].reduce((bits, letter) => bits | bitOf(letter, user, isDirectory || (now & 0o111) !== 0), 0)
}

const bitOf = (letter: string, user: string, isExecutable: boolean): number => {
  if (letter === 'X') return isExecutable ? 1 << shift(user) : 0
  return specialOf[`${user}${letter}`] ?? (bitsOf[letter] ?? 0) << shift(user)
}
