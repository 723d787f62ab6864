// What can go wrong with the directory: before it answers, in what it answers, and when it stops answering.
import { exitCodes, Problem } from '../../model/problem.ts'
import type { DirectoryTarget } from './target.ts'

const nameOf = ({ address, port }: DirectoryTarget): string => `${address} port ${port}`

/** No LDAP server answered, in no way that was tried. */
export const directoryUnreachable = (target: DirectoryTarget, tried: readonly string[]): Problem =>
  new Problem({
    code: 'directory-unreachable',
    summary: `The directory at ${nameOf(target)} does not answer`,
    seen: tried.join('\n'),
    wanted: 'an LDAP server that answers',
    state: 'nothing was written there',
    exit: exitCodes.unreachable,
    help: 'see whether it runs, and from where it can be reached: `via: controller`, `via: node` or `via: auto`',
  })

export type TlsRefusal = { readonly why: string; readonly seen: string; readonly help: string }

/** Its certificate or its TLS is not good enough: nothing was told it, the password least of all. */
export const tlsRefused = (target: DirectoryTarget, { why, seen, help }: TlsRefusal): Problem =>
  new Problem({
    code: 'directory-tls-refused',
    summary: `The directory at ${nameOf(target)} cannot be trusted: ${why}`,
    seen,
    state: 'no password was sent',
    help,
    exit: exitCodes.unreachable,
  })

export const loginRefused = (target: DirectoryTarget, seen: string): Problem =>
  new Problem({
    code: 'directory-login-refused',
    summary: `The directory at ${nameOf(target)} does not accept the user ${target.user}`,
    seen,
    wanted: 'user and password of somebody who may read and write there',
    state: 'nothing was written there',
    help: 'mend `ldap_directory.user` or `ldap_directory.password`; too many wrong ones may lock the user out',
    exit: exitCodes.unreachable,
  })

/** What is asked for lies on another server, which nobody was told to trust. */
export const referred = (about: string, uris: readonly string[]): Problem =>
  new Problem({
    code: 'directory-referral',
    summary: `The directory refers to other servers for ${about}`,
    seen: uris.join('\n') || 'a referral without an address',
    wanted: 'a server that has the whole of it',
    help: 'name one of them as `ldap_directory.address`, or a server with a replica of it',
  })

export const limitReached = (about: string, seen: string): Problem =>
  new Problem({
    code: 'directory-limit',
    summary: `The directory does not give all of ${about}`,
    seen,
    wanted: 'all entries: in a part of them nobody can tell that something is there once only',
    help: 'look below a name that has fewer entries, or raise the limit of the server',
  })

export const refused = (about: string, seen: string): Problem =>
  new Problem({
    code: 'directory-refused',
    summary: `The directory refuses to answer about ${about}, or to change it`,
    seen,
    help: 'see that the user of `ldap_directory` has the rights for it',
  })

export const valueMoved = (dn: string, seen: string): Problem =>
  new Problem({
    code: 'directory-value-moved',
    summary: `Somebody else changed ${dn} between the look and the write`,
    seen,
    wanted: 'the values that were there a moment ago',
    state: 'nothing of it was written',
    help: 'find out who works on it, then run it again: it looks first',
    exit: exitCodes.drift,
  })

/** The server may have made the change, and may have not. */
export const outcomeUnknown = (dn: string, seen: string): Problem =>
  new Problem({
    code: 'directory-outcome-unknown',
    summary: `Whether ${dn} was changed is not known: the directory did not say`,
    seen,
    state: 'the old value stands there, or the new one',
    help: 'run it again: it looks first how things stand',
    exit: exitCodes.unknown,
  })
