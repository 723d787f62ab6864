// Numbers of bytes as people read them: `12.5 MB`.
const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** @param scale The number whose unit it gets, so that two of them can be compared. */
export const formatBytes = (bytes: number, scale = bytes): string => {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, scale)) / 3)))
  const number = bytes / 1000 ** power
  return `${power === 0 ? number : number.toFixed(1)} ${units[power]}`
}
