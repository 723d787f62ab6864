// The person at the terminal: one question at a time, while the screen makes room for it.
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { fitted, printableLines, type TreeView } from '../report/index.ts'
import type { Person, Question } from '../task/person.ts'
import type { Surroundings } from './surroundings.ts'

export type Room = Pick<TreeView, 'suspend' | 'resume'>
type Seat = Pick<Surroundings, 'isTerminal' | 'stderr'>

/** Where there is no terminal nobody is asked, and nobody answers. */
export const personAt = ({ isTerminal, stderr }: Seat, room: Room): Person => {
  let last: Promise<unknown> = Promise.resolve()
  return {
    ask(question) {
      if (!isTerminal) return Promise.resolve(undefined)
      // Several nodes may wait for the same person, who can read one question at a time.
      const answer = last.then(() => askInRoom(question, stderr, room))
      last = answer.catch(() => {})
      return answer
    },
  }
}

const askInRoom = async (question: Question, stderr: Seat['stderr'], room: Room): Promise<string | undefined> => {
  // It was taken back while another one stood there.
  if (question.until?.aborted) return undefined
  room.suspend()
  try {
    const { title, lines, isToCopy } = question
    const { columns = Number.POSITIVE_INFINITY } = stderr
    const shown = lines.flatMap(printableLines)
    const told = isToCopy ? shown : shown.flatMap(line => fitted(`  ${line}`, columns, indentOf(line) + 4))
    const head = fitted(printableLines(title).join(' '), columns, 2)
    stderr.write(`\n${[...head, ...told].join('\n')}\n`)
    return await readLine(question)
  } finally {
    room.resume()
  }
}

const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0

/** @returns Nothing where the input ends, or where Ctrl-C is typed: then the run hears of it as of any other Ctrl-C. */
const readLine = ({ prompt, isSecret, until }: Question): Promise<string | undefined> =>
  new Promise(resolve => {
    const reader = isSecret
      ? createInterface({ input: process.stdin, output: unseen(), terminal: true })
      : createInterface({ input: process.stdin, output: process.stderr })
    if (isSecret) process.stderr.write(prompt)
    reader.on('close', () => resolve(undefined))
    if (until?.aborted) return reader.close()
    until?.addEventListener('abort', () => reader.close(), { once: true })
    reader.on('SIGINT', () => {
      reader.close()
      process.stderr.write('\n')
      process.kill(process.pid, 'SIGINT')
    })
    reader.question(isSecret ? '' : prompt, line => {
      resolve(line)
      if (isSecret) process.stderr.write('\n')
      reader.close()
    })
  })

/** The terminal does not echo while a line is edited, and what would be painted goes nowhere. */
const unseen = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() })
