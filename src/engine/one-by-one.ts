// Hosts that may go on at the same moment go on one after the other, one in each turn of the loop: what is for the first is
// sent, and its node at work, while that for the next is made ready. All at once, each node would wait for all of it.

/** @returns Waits until it is one's turn; who comes first goes first. */
export const createOneByOne = (): (() => Promise<void>) => {
  let last: Promise<void> = Promise.resolve()
  return () => {
    last = last.then(() => new Promise(resolve => setImmediate(resolve)))
    return last
  }
}
