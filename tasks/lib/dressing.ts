// How a thing gets its owner, group and mode: by no program where it has them from the start.
import { type Part, part } from '#task'

/** `isMakers` where owner and group are those of whoever makes it. */
export type Owned = {
  readonly owner: string
  readonly group: string
  readonly mode: string
  readonly isMakers?: boolean
}

/** Whether owner and group are those of whoever asks, which the shell itself can tell. */
export const isMine = (path: string): Part => part`[ -O ${path} ] && [ -G ${path} ]`

/**
 * The umask under which the shell makes a file that has its mode from the start; nothing where it cannot. Its group may do
 * no more with it than others: where a directory gives what is made in it a group of its own, nobody sees more of it.
 */
export const umaskFor = ({ mode, isMakers = false }: Owned): string | undefined => {
  const [ofGroup, ofOthers] = [Number(mode.at(-2)), Number(mode.at(-1))]
  if (!isMakers || !/^0[0246]{3}$/.test(mode) || (ofGroup & ~ofOthers) !== 0) return undefined
  return (0o777 & ~Number.parseInt(mode, 8)).toString(8).padStart(4, '0')
}

/**
 * A new owner takes the special bits away, so the mode comes last; of a directory, chmod takes them away only where they
 * are told with a fifth digit. In a directory with a group of its own, what is made has that group.
 */
export const dressing = (path: string, { owner, group, mode, isMakers }: Owned): Part => {
  const giving = part`chown ${owner}:${group} ${path}`
  return part`${isMakers ? part`{ ${isMine(path)} || ${giving}; }` : giving} && chmod 0${mode} ${path}`
}

/** The same for what was made under its umask. */
export const dressingMade = (path: string, owned: Owned): Part =>
  part`{ ${isMine(path)} || { ${dressing(path, owned)}; }; }`
