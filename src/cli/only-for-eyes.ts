// What a program on a node shows may move the cursor and colour its words; it may not speak to the terminal itself.

/**
 * Takes control strings and questions to the terminal out: those set titles and clipboards, and have the terminal type
 * answers that nobody has typed. Pieces may be cut anywhere.
 *
 * @source ECMA-48, 5.6 "Control strings"; 8.3.35 "Device status report"; XTerm Control Sequences
 */
export const onlyForEyes = (): ((piece: string) => string) => {
  let kept = ''
  return piece => {
    const whole = kept + piece
    kept = unfinished.exec(whole)?.[0].slice(0, longest) ?? ''
    return whole.slice(0, whole.length - (unfinished.exec(whole)?.[0].length ?? 0)).replace(speaks, '')
  }
}

/** A control string longer than this is dropped. */
const longest = 4096

const unfinished = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?)?$/

const speaks = /\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[cnxtp]|\x1bZ|\x05|[\x80-\x9f]/g
