// `run record PLAYBOOK/STEP`: carries out one step whose program a person answers by hand, and makes a dialogue of that.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Answering, Talk } from '../engine/by-hand.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import { Secret, secretMark } from '../model/secret.ts'
import { dialogueVoice } from '../plan/dialogue-voice.ts'
import { type DialogueFile, parseDialogue } from '../playbook/dialogue.ts'
import { canBeExpected, isPartOfText, recordedPrompts } from '../playbook/recorded/recorded.ts'
import { writeRecording } from '../playbook/recorded/write.ts'
import type { Conversation } from '../shell/converse.ts'
import type { Terminal } from '../shell/host-shell.ts'
import { quoteWord } from '../shell/quote.ts'
import { type TakenDown, takeDown } from '../shell/record/take-down.ts'
import { redactEchoed } from '../shell/redact.ts'
import type { Act } from './act.ts'
import { openKeyboard } from './keyboard.ts'
import { personAt, type Room } from './person.ts'
import { readAddress, withConductFlags, withInputFlags } from './playbook-commands.ts'
import { type ByHandAt, type RunFlags, runPlaybook } from './run-playbook.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'
import { tellingEvents } from './telling-events.ts'
import { writeWhole } from './write-whole.ts'

type RecordFlags = Omit<RunFlags, 'format' | 'byHand'> & { readonly host?: string; readonly output: string }

export const addRecordCommand = (run: Command, around: Surroundings, act: Act): void => {
  withConductFlags(
    withInputFlags(
      run
        .command('record')
        .argument('<playbook/step>', 'the step whose program is answered, such as install/installer'),
    ),
  )
    .description('carry out one step, answer its program by hand, and make a dialogue of what was typed')
    .requiredOption('-o, --output <file>', 'the dialogue, such as dialogues/site.yml; another branch is added to it')
    .option('--host <node>', 'the node on which it is done')
    .action((address: string, flags: RecordFlags) =>
      act(() => tellingEvents(flags.events, around, near => record(address, flags, near))),
    )
}

const record = async (address: string, flags: RecordFlags, around: Surroundings): Promise<number> => {
  const { output, host, ...rest } = flags
  const { playbook, step, at } = readAddress(address)
  const node = host ?? at
  assertOne(node, address)
  assertSomebody(around)
  const recorder = createRecorder(resolve(around.cwd, output), { around, command: around.command })
  const asked = { ...rest, format: 'text', only: [step], limit: node, byHand: recorder } as const
  const exitCode = await runPlaybook(playbook, asked, around)
  const isWritten = recorder.settle(exitCode === exitCodes.done)
  for (const line of recorder.report()) around.stderr.write(`${line}\n`)
  if (!isWritten) return exitCode === exitCodes.done ? exitCodes.failed : exitCode
  const given = (rest.extraVars ?? []).flatMap(each => ['-e', each])
  const again = ['run', 'playbook', playbook, ...(rest.inventory === undefined ? [] : ['-i', rest.inventory]), ...given]
  around.stderr.write(`then  ${again.map(quoteWord).join(' ')}\n`)
  return exitCode
}

function assertOne(node: string | undefined, address: string): asserts node is string {
  if (node !== undefined && /^[\w.-]+$/.test(node)) return
  throw new Problem({
    code: 'node-missing',
    summary: 'A program is answered by hand on one node',
    ...(node !== undefined && { seen: node }),
    wanted: 'the name of one node',
    state: 'nothing was begun',
    help: `name it: run record ${address} --host NODE`,
    exit: exitCodes.input,
  })
}

const assertSomebody = ({ isTerminal }: Surroundings): void => {
  if (isTerminal) return
  throw new Problem({
    code: 'nobody-to-ask',
    summary: 'A program is answered by hand at a terminal, and there is none',
    wanted: 'a terminal on standard input and standard error',
    state: 'nothing was begun',
    help: 'type it in a terminal, without `<` and `|`; over SSH with `ssh -t`',
    exit: exitCodes.waits,
  })
}

type Recorder = ByHandAt & {
  /** Gives the dialogue its name where the step went well. @returns Whether it has it. */
  settle(wentWell: boolean): boolean
  /** What to say when the run is over. */
  report(): readonly string[]
}

type Written = {
  readonly file: string
  readonly text: string
  readonly missing: readonly string[]
  readonly isWhole: boolean
  /** The step went well with it, so it has its name. */
  readonly isDone: boolean
}

const createRecorder = (file: string, { around, command }: { around: Surroundings; command: string }): Recorder => {
  const told = shown(file, around)
  const unfinished = `${file}.unfinished`
  const before = readBefore(file, told)
  let seat: { readonly room: Room; learn(secrets: readonly Secret[]): void } | undefined
  let written: Written | undefined
  return {
    open(opened) {
      seat = opened
    },
    assertNew(answering) {
      if (before && isRecorded(before, answering)) throw recordedBefore(told, answering)
    },
    async talk(terminal, talk) {
      if (!seat) throw new Error('a program is answered before there is a screen')
      const { room, learn } = seat
      const taken = await byHand(terminal, talk, { around, room, learn })
      const known = [
        ...secretsIn(talk.values),
        ...taken.turns.flatMap(({ answer }) => (answer instanceof Secret ? [answer] : [])),
      ]
      const turns = taken.turns.map(turn => ({ ...turn, shown: redactEchoed(turn.shown, known) }))
      const person = personAt(around, room)
      const prompts = await recordedPrompts(turns, {
        // A word of ours in a prompt, such as `create`, is a word like any other.
        values: without(talk.values, Object.keys(talk.branch)),
        hosts: [talk.host, secretMark],
        wasRefused: async prompt => {
          const answer = await person.ask({
            title: `The program asked "${prompt}" again right away, and the answers differ.`,
            lines: ['An answer that was refused is left out of the dialogue.'],
            prompt: 'Was the first answer refused? (y/n) ',
          })
          return answer?.trim().toLowerCase().startsWith('y') ?? false
        },
      })
      const isWhole = notWhole(taken).length === 0
      const text = writeRecording(
        {
          title: `Recorded for ${talk.step}`,
          prompts,
          branch: talk.branch,
          origin: [`Recorded by hand on ${talk.host} (${branchWords(talk)}): ${command}`, ...notWhole(taken)],
        },
        before?.text,
      )
      const hidden = redactEchoed(text, known)
      // Whether the program did what it was to do is seen when the step looks again; until then nothing rests on it.
      write(unfinished, shown(unfinished, around), hidden)
      written = {
        file: shown(unfinished, around),
        text: hidden,
        missing: missingIn(prompts, talk),
        isWhole,
        isDone: false,
      }
      return { exitCode: taken.exitCode, transcript: taken.transcript, captured: {} } satisfies Conversation
    },
    settle(wentWell) {
      if (!written?.isWhole || !wentWell) return false
      write(file, told, written.text)
      rmSync(unfinished)
      written = { ...written, file: told, isDone: true }
      return true
    },
    report: () => (written ? tell(written) : [`Nothing was recorded: no program was answered.`]),
  }
}

const byHand = async (
  terminal: Terminal,
  talk: Talk,
  { around, room, learn }: { around: Surroundings; room: Room; learn(secrets: readonly Secret[]): void },
) => {
  room.suspend()
  around.stderr.write(
    `\n${talk.host} · ${talk.step}: the program is yours now. Every key goes to it; Ctrl-] ends it.\n\n`,
  )
  const keyboard = openKeyboard(around)
  try {
    return await takeDown(terminal, keyboard, {
      secrets: secretsIn(talk.values),
      onSecret: secret => learn([secret]),
      onTyping: talk.onTyping,
      onAnswer: talk.onAnswer,
      onEntry: talk.onEntry,
    })
  } finally {
    keyboard.close()
    around.stderr.write('\n')
    room.resume()
  }
}

const without = (values: Talk['values'], names: readonly string[]): Talk['values'] =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))

const secretsIn = (values: Talk['values']): readonly Secret[] =>
  Object.values(values).flatMap(value => (value instanceof Secret ? [value] : []))

const notWhole = ({ exitCode, isTakenUp, turns }: TakenDown): readonly string[] => [
  ...(exitCode === 0 ? [] : [`The program ended with exit status ${exitCode}.`]),
  ...(turns.every(canBeExpected)
    ? []
    : [
        'It was answered where it had shown nothing: such an answer is not in here, since nothing tells when it is due.',
      ]),
  ...(turns.some(isPartOfText)
    ? ['It took a text key by key, without Enter: what was typed there is not in here.']
    : []),
  ...(isTakenUp ? ['It was answered by somebody before: those answers are not in here.'] : []),
]

const branchWords = ({ branch }: Answering): string =>
  Object.entries(branch)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

const tell = ({ file, missing, isWhole, isDone }: Written): readonly string[] => [
  `${file} ${isDone ? 'is written' : isWhole ? notWell : 'holds what was recorded, which is not the whole'}.`,
  ...missing.map(
    name => `  missing: ${name}, a secret that the worksheet does not have; name it there or correct the file`,
  ),
  ...(isDone
    ? [
        '  Read through it. It holds for this branch.',
        '  Where the program asks otherwise on another node, the next run stops there: then record there too.',
      ]
    : []),
]

const notWell = 'holds what was recorded; the step did not go well, so nothing reads it yet'

const missingIn = (prompts: readonly { readonly answer?: string }[], { values }: Talk): readonly string[] => [
  ...new Set(
    prompts.flatMap(({ answer }) => {
      const [, name] = /^\{\{ (secret_of_\w+) \}\}$/.exec(answer ?? '') ?? []
      return name === undefined || name in values ? [] : [name]
    }),
  ),
]

type Before = { readonly text: string; readonly dialogue: DialogueFile }

/** @throws {Problems} Where it is there and is no dialogue. */
const readBefore = (file: string, told: string): Before | undefined => {
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  const dialogue = parseDialogue({ file: told, text })
  if (dialogue.problems.length > 0) throw new Problems(dialogue.problems)
  return { text, dialogue }
}

/** Whether it has an answer already for a node such as this one, beside those that hold for any. */
const isRecorded = ({ dialogue: { dialogue } }: Before, { branch }: Answering): boolean => {
  const voice = dialogueVoice(branch)
  return dialogue.prompts.some(prompt => {
    if (prompt.when === undefined) return true
    try {
      return voice.applies?.(prompt, {}) ?? true
    } catch {
      return true // it rests on more than the branch, so a person wrote it
    }
  })
}

const recordedBefore = (file: string, answering: Answering): Problem =>
  new Problem({
    code: 'dialogue-recorded',
    summary: `${file} says already what the program is answered where ${branchWords(answering)}`,
    host: answering.host,
    state: 'the program was not started',
    help: 'name another file with -o, or correct that one by hand',
    exit: exitCodes.input,
  })

/** @throws {Problem} `dialogue-unwritable`. */
const write = (file: string, told: string, text: string): void => {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeWhole(file, text)
  } catch (cause) {
    throw new Problem({
      code: 'dialogue-unwritable',
      summary: `The dialogue cannot be written to ${told}`,
      seen: cause instanceof Error ? cause.message : String(cause),
      state: 'the program has ended; what was typed is in the journal',
      help: 'make room, or name a file in a folder where you may write with -o, and record it again',
      exit: exitCodes.failed,
      cause,
    })
  }
}
