// Where a step keeps on the node what its undo needs: one directory a run and step, so that no run takes another's.

export const keptBy = (run: string, step: string): string =>
  `/var/lib/run/kept/${[run, step].map(part => part.replace(/[^\w.-]/g, '.')).join('/')}`
