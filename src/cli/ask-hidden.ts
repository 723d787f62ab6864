// Asks the person at the terminal for what is not to be seen: what is typed is not shown.
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Surroundings } from './surroundings.ts'

type Seat = Pick<Surroundings, 'stderr' | 'isTerminal'>

/**
 * One question, asked on stderr.
 *
 * @throws {Problem} `interrupted` where Ctrl-C or the end of input comes instead of an answer.
 */
export const askHidden = (question: string, { stderr }: Pick<Seat, 'stderr'>): Promise<string> =>
  new Promise((resolve, reject) => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
    const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
    // Only now: the terminal shows no more what is typed, however soon that is.
    stderr.write(`${question}: `)
    reader.on('close', () => {
      stderr.write('\n')
      reject(notAnswered(question))
    })
    reader.on('SIGINT', () => reader.close())
    reader.question('', answer => {
      resolve(answer)
      reader.close()
    })
  })

/** Each question is asked once, however often it is wanted. */
export type Questions = {
  /** @returns Nothing as long as it was not asked. */
  answerTo(question: string): string | undefined
  /** Asks what was wanted since; tells whether there is a new answer. */
  askWanted(): Promise<boolean>
}

export const questionsTo = (seat: Seat): Questions => {
  const answers = new Map<string, string>()
  const wanted = new Set<string>()
  return {
    answerTo(question) {
      if (!answers.has(question)) wanted.add(question)
      return answers.get(question)
    },
    async askWanted() {
      const open = [...wanted].filter(question => !answers.has(question))
      if (!seat.isTerminal || open.length === 0) return false
      for (const question of open) answers.set(question, await askHidden(question, seat))
      return true
    },
  }
}

const notAnswered = (question: string): Problem =>
  new Problem({
    code: 'interrupted',
    summary: `${question}: nothing was answered`,
    state: 'nothing was touched',
    help: 'begin again, or name the secret by where it is kept: env:NAME, file:PATH or command:WORDS',
    exit: exitCodes.interrupted,
  })
