// Where a form is filled in: one line at a time, edited as in a shell, and below it what comes of it while it is typed.
//
// Node's own readline edits; prompts of others want a newer Node.js than ours, and check a line when it is finished.
import { clearScreenDown, createInterface, type Interface, type Key, moveCursor } from 'node:readline'
import type { Reply } from '../../inventory/form/fill-in.ts'
import { widthOf } from '../../report/index.ts'
import { breakLines } from '../../text/break-lines.ts'

export type Line = {
  readonly prompt: string
  /** What is said below, a text of one paragraph; nothing where it is empty. */
  below(text: string): string
  /** Whether Enter ends it. */
  isRight(text: string): boolean
}

export type Desk = {
  write(line: Line): Promise<Reply>
  say(text: string): void
  readonly columns: number
  close(): void
}

type Output = NodeJS.WritableStream & { readonly columns?: number }

/** Keys that come before anybody asks for them, such as a pasted text of several lines, are for the next questions. */
export const openDesk = (input: NodeJS.ReadStream, output: Output, { isDumb = false } = {}): Desk => {
  const reader = createInterface({ input, output, terminal: true, historySize: 0 })
  const early: string[] = []
  let isLeft = false
  let current: Current | undefined
  const end = (reply: Reply) => {
    const open = current
    current = undefined
    open?.end(reply)
  }
  const columns = () => Math.max(20, output.columns ?? 80)
  /** A terminal that knows no places is told when the line is finished. */
  const paint = (line: Line) => (isDumb ? undefined : paintBelow(reader, output, { line, columns: columns() }))
  const clear = () => (isDumb ? undefined : clearScreenDown(output))
  const onKey = (_: string | undefined, key: Key) => {
    if (!current) return
    if (key.name === 'up') return end({ type: 'back' })
    if (key.name !== 'return' && key.name !== 'enter') paint(current.line)
  }
  const onLine = (text: string) => {
    if (!current) return void early.push(text)
    clear()
    if (current.line.isRight(text)) return end({ type: 'typed', text })
    again(text, current.line)
  }
  /** A line that is not right stays where it is, to be mended. */
  const again = (text: string, line: Line) => {
    if (isDumb) {
      output.write(`   ${line.below(text)}\n`)
      reader.prompt()
      return
    }
    moveCursor(output, 0, -1 - Math.floor(widthOf(line.prompt + text) / columns()))
    output.write('\r')
    clearScreenDown(output)
    reader.prompt()
    reader.write(text)
    paint(line)
  }
  const leave = () => {
    isLeft = true
    end({ type: 'left' })
  }
  input.on('keypress', onKey)
  reader.on('line', onLine).on('SIGINT', leave).on('close', leave)
  return {
    get columns() {
      return columns()
    },
    say: text => void output.write(text),
    write: line =>
      new Promise(resolve => {
        if (isLeft) return resolve({ type: 'left' })
        reader.setPrompt(line.prompt)
        current = {
          line,
          end: reply => {
            clear()
            if (reply.type !== 'typed') {
              if (reader.line !== '') reader.write(null, { ctrl: true, name: 'e' })
              if (reader.line !== '') reader.write(null, { ctrl: true, name: 'u' })
              output.write('\n')
            }
            resolve(reply)
          },
        }
        reader.prompt(true)
        const typed = early.shift()
        if (typed === undefined) return paint(line)
        output.write(`${typed}\n`)
        onLine(typed)
      }),
    close() {
      current = undefined
      input.off('keypress', onKey)
      reader.close()
    },
  }
}

type Current = { readonly line: Line; end(reply: Reply): void }

type Painting = { readonly line: Line; readonly columns: number }

/** Below the line, and the cursor back where it was. */
const paintBelow = (reader: Interface, output: Output, { line, columns }: Painting): void => {
  const text = line.below(reader.line)
  const { rows, cols } = reader.getCursorPos()
  const lastRow = Math.floor(widthOf(line.prompt + reader.line) / columns)
  moveCursor(output, 0, lastRow - rows)
  const lines = text === '' ? [] : breakLines(text, columns - 4).map(each => `   ${each}`)
  output.write('\n')
  clearScreenDown(output)
  output.write(lines.join('\n'))
  moveCursor(output, 0, rows - lastRow - Math.max(1, lines.length))
  output.write(`\r${cols === 0 ? '' : `\u001b[${cols}C`}`)
}
