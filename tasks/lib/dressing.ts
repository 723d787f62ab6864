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
 * A new owner takes the special bits away, so the mode comes last; of a directory, chmod takes them away only where they
 * are told with a fifth digit. In a directory with a group of its own, what is made has that group.
 */
export const dressing = (path: string, { owner, group, mode, isMakers }: Owned): Part => {
  const giving = part`chown ${owner}:${group} ${path}`
  return part`${isMakers ? part`{ ${isMine(path)} || ${giving}; }` : giving} && chmod 0${mode} ${path}`
}
