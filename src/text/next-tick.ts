// Node.js sends the first packet of a connection when all that is at hand has been done: who waits here does not hold it up.

export const nextTick = (): Promise<void> => new Promise(resolve => process.nextTick(resolve))
