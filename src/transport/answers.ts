// The answers of one shell, in the order of the questions: several may be under way at once.
import type { CommandResult } from '../shell/host-shell.ts'
import type { Frame } from './frame.ts'
import type { Program } from './program.ts'

export type Asked = {
  readonly answer: Promise<CommandResult>
  /** Resolves when the shell has come to it, since all before it is answered; never where it ends before. */
  readonly begun: Promise<void>
}

export type Question = {
  readonly frame: Frame
  /** What to say where the answer grows beyond `limit` bytes. */
  tooLarge(): Error
  /** What to say where the shell ends first. */
  lost(): Error
}

type Waiting = Question & {
  resolve(result: CommandResult): void
  reject(error: Error): void
  begin(): void
}

export class Answers {
  readonly #program: Pick<Program, 'stdout' | 'stderr' | 'closed'>
  readonly #limit: number
  #isHeard = false
  #isOver = false
  /** For each stream: those whose part of it has not come to its end. */
  readonly #waiting: Readonly<Record<Stream, Waiting[]>> = { stdout: [], stderr: [] }

  /** @param limit Longest answer, in bytes. */
  constructor(program: Pick<Program, 'stdout' | 'stderr' | 'closed'>, limit: number) {
    this.#program = program
    this.#limit = limit
  }

  /** Waits for the answer to a frame that is sent next. */
  ask(question: Question): Asked {
    let begin = () => {}
    const begun = new Promise<void>(resolve => {
      begin = resolve
    })
    const answer = new Promise<CommandResult>((resolve, reject) => {
      const waiting: Waiting = { ...question, resolve, reject, begin }
      this.#waiting.stdout.push(waiting)
      this.#waiting.stderr.push(waiting)
    })
    this.#listen()
    if (this.#isOver) this.#end()
    this.#beginNext()
    return { answer, begun }
  }

  /** Whether the shell has not come to the end of what it was sent, on either stream. */
  get areAwaited(): boolean {
    return this.#waiting.stdout.length > 0 && this.#waiting.stderr.length > 0
  }

  /** Whether more than one answer is waited for. */
  get isShared(): boolean {
    return new Set([...this.#waiting.stdout, ...this.#waiting.stderr]).size > 1
  }

  /** Not before somebody waits: the whole answer may be there already. */
  #listen(): void {
    if (this.#isHeard) return
    this.#isHeard = true
    const { stdout, stderr, closed } = this.#program
    stdout.listen(piece => this.#hear('stdout', piece))
    stderr.listen(piece => this.#hear('stderr', piece))
    void closed.then(() => {
      this.#isOver = true
      this.#end()
    })
  }

  /** What stands behind the end of one answer belongs to the next. */
  #hear(stream: Stream, piece: Buffer): void {
    let rest: Buffer | undefined = piece
    while (rest && rest.length > 0) {
      const [first] = this.#waiting[stream]
      // A process that was left behind talks to nobody.
      if (!first) return
      rest = first.frame.hear(stream, rest)
      if (rest) this.#waiting[stream].shift()
      else if (first.frame.size() > this.#limit) first.reject(first.tooLarge())
      const result = first.frame.result()
      if (result) first.resolve(result)
    }
    this.#beginNext()
  }

  #beginNext(): void {
    const [first] = this.#waiting.stderr
    if (first === this.#waiting.stdout[0]) first?.begin()
  }

  #end(): void {
    for (const { reject, lost } of new Set([...this.#waiting.stdout, ...this.#waiting.stderr])) reject(lost())
  }
}

type Stream = 'stdout' | 'stderr'
