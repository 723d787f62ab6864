// What can go wrong in a dialogue, each with what was on the screen and what was awaited.
import { exitCodes, Problem, type ProblemFields } from '../model/problem.ts'
import type { Prompt } from './dialogue.ts'
import type { DialogueState, Part } from './dialogue-machine.ts'
import { showExpect } from './prompt-match.ts'
import { redactEchoed } from './redact.ts'
import { screenText } from './screen.ts'
import { tail } from './tail.ts'

/** How things stood when it went wrong. */
export type Scene = {
  readonly part: Part
  readonly state: DialogueState
  /** Indexes of the prompts that could have come. */
  readonly due: readonly number[]
}

export const unknownPrompt = (scene: Scene, quietMs: number): Problem =>
  problem(scene, {
    code: 'prompt-unknown',
    summary: `The program waits at something that the dialogue does not know${place(scene)}`,
    state: `quiet for ${seconds(quietMs)}`,
    help: helpWith(scene),
  })

const helpWith = (scene: Scene): string => {
  const line = lastLine(scene)
  const near = scene.due.find(index => isWithin(promptAt(scene, index).expect, line))
  if (near !== undefined)
    return `"${promptAt(scene, near).name}" is there, and more behind it: if that is still its prompt, write a pattern that takes it too, such as \`/Port.*/\``
  if (scene.due.length === 0) return 'add the prompt to the dialogue: it comes after all others'
  if (line.includes('\ufffd'))
    return 'this is no UTF-8, and each letter that cannot be read is shown as \ufffd: write a pattern with a dot in its place, such as `/M.chten Sie/`'
  const mend = 'add the prompt to the dialogue, or mend its `expect`'
  return scene.state.answers > 0
    ? mend
    : `${mend}; for a program with other words, answer it once by hand: run record STEP --host NODE -o dialogues/NAME.yml (docs/record.md)`
}

/** The words are there, but not at the end. A pattern of its author's may not come to its own end, and is not tried again. */
const isWithin = (expect: string | RegExp, line: string): boolean => typeof expect === 'string' && line.includes(expect)

const lastLine = ({ state }: Scene): string =>
  redactEchoed(screenText(state.screen), state.secrets).trimEnd().split('\n').at(-1) ?? ''

export const silent = (scene: Scene, quietMs: number): Problem =>
  problem(scene, {
    code: 'dialogue-silent',
    summary: `The program said nothing for ${seconds(quietMs)}${place(scene)}`,
    help: 'if it works that long, give the prompt more time; if its prompt ends the line, end `expect` with `\\n`',
  })

export const outOfOrder = (scene: Scene, came: number): Problem => {
  const { part } = scene
  const { prompts } = part.dialogue
  const isExcluded = scene.part.voice.applies?.(promptAt(scene, came), scene.state.captured) === false
  return problem(
    scene,
    {
      code: 'prompt-out-of-order',
      summary: `The program asked "${promptAt(scene, came).name}", which is not due${place(scene)}`,
      help: isExcluded
        ? `its \`when\` does not hold (${promptAt(scene, came).when ?? 'no condition is written'}); mend it, or record what this node is asked: run record STEP --host NODE -o ${part.dialogue.span?.file ?? 'FILE'} (docs/record.md)`
        : `in the dialogue it is prompt ${came + 1} of ${prompts.length}; move it, or make the ones before it \`optional\``,
    },
    came,
  )
}

export const repeated = (scene: Scene, came: number): Problem => {
  const count = timesAnswered(scene, came)
  const isLast = came === scene.state.last
  return problem(
    scene,
    {
      code: 'prompt-repeated',
      summary: `The program asked "${promptAt(scene, came).name}" again, though it was answered${count === 1 ? '' : ` ${count} times`}`,
      help: isLast
        ? 'it may have refused the answer: look at what it said; if it asks more often, set `repeat`'
        : 'it may have refused an answer since then: look at what it said',
    },
    came,
  )
}

export const timesAnswered = ({ part, state }: Pick<Scene, 'part' | 'state'>, index: number): number => {
  const { name } = promptAt({ part }, index)
  return state.entries.filter(entry => entry.type === 'typed' && entry.prompt === name).length
}

export const captureMissed = (scene: Scene, index: number): Problem =>
  problem(
    scene,
    {
      code: 'capture-missed',
      summary: `Before "${promptAt(scene, index).name}" the program did not show what was to be captured`,
      wanted: String(promptAt(scene, index).capture?.pattern),
      help: 'mend the pattern of `capture`',
    },
    index,
  )

export const patternTooSlow = (scene: Scene, index: number): Problem =>
  problem(
    scene,
    {
      code: 'pattern-too-slow',
      summary: `The pattern of "${promptAt(scene, index).name}" does not come to its end on what the program shows`,
      help: 'look for a repetition within a repetition, such as `(a+)+`, and write it plainly',
    },
    index,
  )

export const tooMuchSaid = (scene: Scene, most: number): Problem =>
  problem(scene, {
    code: 'dialogue-too-much',
    summary: `The program showed more than ${most} characters without a prompt${place(scene)}`,
    help: 'look at what it shows; if that is as it should be, have it write a log instead',
  })

export const endedEarly = (scene: Scene, exitCode: number): Problem =>
  problem(scene, {
    code: 'dialogue-ended-early',
    summary: `The program ended before it had asked everything${place(scene)}`,
    state: `it ended by itself, exit status ${exitCode}`,
    help:
      exitCode === 0
        ? 'look at what it said; if it need not ask that, make the prompt `optional`'
        : 'mend what it says, then run it again',
  })

export const connectionGone = (scene: Scene): Problem =>
  problem(scene, {
    code: 'connection-lost',
    summary: 'The connection was lost in the middle of a dialogue',
    state: 'nobody knows what the program did then',
    exit: exitCodes.unknown,
    help: 'look on the node whether the program still runs',
  })

/** Of a program that was begun by an earlier run. */
export const otherDialogue = (scene: Scene, prompt: string): Problem =>
  problem(scene, {
    code: 'dialogue-changed',
    summary: 'The program was answered by another dialogue than the one that is written now',
    wanted: `the prompt "${prompt}", which an earlier run answered here`,
    help: 'put the dialogue and the worksheet back as they were, or let the program end, by hand if need be',
    exit: exitCodes.unknown,
  })

export const tooLong = (scene: Scene, withinMs: number): Problem =>
  problem(scene, {
    code: 'dialogue-too-long',
    summary: `The program did not end within ${seconds(withinMs)}`,
    help: 'give it more time, or look at what it said',
  })

/** @param at The prompt that it is about; otherwise the first that was due. */
const problem = (scene: Scene, fields: ProblemFields, at = scene.due[0]): Problem => {
  const { part, state, due } = scene
  const screen = redactEchoed(screenText(state.screen), state.secrets)
  const answered = `${state.answers} ${state.answers === 1 ? 'answer was' : 'answers were'} given`
  return new Problem({
    span: (at === undefined ? undefined : promptAt(scene, at).span) ?? part.dialogue.span,
    seen: JSON.stringify(lastLine(scene)),
    wanted: due.map(index => showExpect(promptAt(scene, index).expect)).join(' or ') || noneDue(scene),
    excerpt: tail(screen),
    ...fields,
    state: fields.state ? `${answered}; ${fields.state}` : answered,
  })
}

/** All its prompts are of other branches: nobody has recorded or written what is asked here. */
const holdsNothing = ({ state, due }: Scene): boolean => due.length === 0 && state.answers === 0

const noneDue = (scene: Scene): string =>
  holdsNothing(scene) ? 'a dialogue with prompts for this node' : 'the end of the program'

const place = ({ part, state, due }: Scene): string => {
  const [next] = due
  if (holdsNothing({ part, state, due })) return ' (none of its prompts is for this node)'
  return next === undefined ? ' (after the last prompt)' : ` (at prompt ${next + 1} of ${part.dialogue.prompts.length})`
}

const promptAt = ({ part }: Pick<Scene, 'part'>, index: number): Prompt =>
  part.dialogue.prompts[index] ?? { name: '', expect: '' }

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`
