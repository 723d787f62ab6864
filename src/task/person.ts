// The port through which a step reaches the person at the terminal. cli/ implements it.

export type Question = {
  /** What it is about: one line. */
  readonly title: string
  /** What the person has to know before they answer. */
  readonly lines: readonly string[]
  /** The lines are to be copied from the screen, so nothing stands before them. */
  readonly isToCopy?: true
  /** Stands before what is typed. */
  readonly prompt: string
  /** What is typed is not shown. */
  readonly isSecret?: true
  /** Takes the question back, as if whoever is asked had gone away. */
  readonly until?: AbortSignal
}

export type Person = {
  /**
   * Shows a question and waits for one line, however long that takes.
   *
   * @returns What was typed; nothing where nobody is there, or where they went away instead of answering.
   */
  ask(question: Question): Promise<string | undefined>
}
