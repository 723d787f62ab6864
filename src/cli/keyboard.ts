// The person's real terminal while a program on a node is answered by hand: each key as it is typed, all that is shown.
import { StringDecoder } from 'node:string_decoder'
import type { Hand } from '../shell/record/take-down.ts'
import { keysOf } from '../shell/record/typing.ts'
import { onlyForEyes } from './only-for-eyes.ts'
import type { Surroundings } from './surroundings.ts'

export type Keyboard = Hand & {
  /** The terminal is the person's own again. */
  close(): void
}

/** From here on no key is this machine's: not Ctrl-C either. */
export const openKeyboard = ({ stderr }: Pick<Surroundings, 'stderr'>): Keyboard => {
  const decoder = new StringDecoder('utf8')
  const early: string[] = []
  let listener = (key: string): void => void early.push(key)
  const read = (bytes: Buffer) => {
    for (const key of keysOf(decoder.write(bytes))) listener(key)
  }
  const eyes = onlyForEyes()
  let leave = () => {}
  const gone = new Promise<void>(resolve => {
    leave = resolve
  })
  const hangUp = () => leave()
  process.stdin.setRawMode?.(true)
  process.stdin.on('data', read).once('end', hangUp).resume()
  return {
    gone,
    onKey(hear) {
      listener = hear
      for (const key of early.splice(0)) hear(key)
    },
    show: text => void stderr.write(eyes(text)),
    close() {
      process.stdin.off('data', read).off('end', hangUp).pause()
      process.stdin.setRawMode?.(false)
    },
  }
}
