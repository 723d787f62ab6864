// Which paths lie below which.

/** True when `path` lies below `directory`; a path does not lie below itself. */
export const isBelow = (path: string, directory: string): boolean =>
  path !== directory && path.startsWith(directory.endsWith('/') ? directory : `${directory}/`)
