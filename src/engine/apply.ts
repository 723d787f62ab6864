// Hands a step what its `apply` may use on the node, and writes down what that does.
import { stepAddress } from '../model/address.ts'
import type { Change } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import { Secret } from '../model/secret.ts'
import { dialogueFields } from '../plan/arguments.ts'
import { converse } from '../shell/converse.ts'
import type { TranscriptEntry } from '../shell/dialogue.ts'
import { hostDollar } from '../shell/dollar.ts'
import type { HostShell } from '../shell/host-shell.ts'
import type { ApplyContext } from '../task/world.ts'
import { type CheckOptions, worldOf } from './check.ts'
import { controllerOf, directoryOf } from './context.ts'
import { feeding } from './feeding.ts'
import { journaledDirectory } from './journaled-directory.ts'
import { keptBy } from './kept.ts'
import type { LookBehind } from './look-behind.ts'
import { tellOutlook } from './outlook.ts'
import { inOwnWay, ownShell } from './own-shell.ts'
import { type Act, createPrograms } from './programs.ts'
import { type StepTime, startTime } from './step-time.ts'

const masked = new Secret('answer', '').toString()

type ApplyOptions = {
  /** Where the step is an act: what it sets going on the node can be taken up again. */
  readonly act?: Act | undefined
  /** Ends a wait; whatever changes something is finished. */
  readonly stopping?: AbortSignal
  /** Looks behind the commands of the step. */
  readonly behind?: LookBehind
}

const never = new AbortController().signal

export const applyStep = async (
  options: CheckOptions,
  changes: readonly Change[],
  how: ApplyOptions = {},
): Promise<Json | undefined> => {
  const time = startTime(options)
  try {
    return await applyWithin(time, options, { ...how, changes })
  } finally {
    time.stop()
  }
}

type Applying = ApplyOptions & { readonly changes: readonly Change[] }

const applyWithin = async (
  time: StepTime,
  options: CheckOptions,
  { changes, act, stopping = never, behind }: Applying,
): Promise<Json | undefined> => {
  const { step, host, args, context } = options
  const base = lastingShell(host, context)
  const own = ownShell(base, options, time)
  const shell = feeding(behind?.following(own) ?? own, options)
  const dress = inOwnWay(options)
  // What lies beside a program on the node belongs to the run; only the program itself is the step's.
  const programs = createPrograms(base, act)
  const of = { step: step.id, host }
  const $ = hostDollar(shell, {
    onCommand: (script, result, ms) =>
      context.emit({ type: 'command', ...of, script, exitCode: result?.exitCode ?? -1, ms }),
  })
  const world = await worldOf(options, behind?.see, time)
  const outlook = tellOutlook(options)
  const use: ApplyContext<unknown, readonly Change[]> = {
    $,
    world,
    args,
    changes,
    place: context.placeOf(host),
    get controller() {
      return hostDollar(controllerOf(context.nodes))
    },
    wasBegun: options.wasBegun ?? false,
    stopping: AbortSignal.any([stopping, time.over]),
    async lasting(asked) {
      behind?.over()
      const before = context.now()
      const result = await programs.command({ ...asked, script: dress(asked.script) })
      const ms = context.now() - before
      context.emit({ type: 'command', ...of, script: asked.script, exitCode: result.exitCode, ms })
      return result
    },
    async converse(dialogue, { command, variables, beforeStart }) {
      behind?.over()
      const { byHand } = context
      const branch = byHand && branchOf(options, variables)
      if (branch) byHand.assertNew({ ...of, branch })
      const terminal = await programs.terminal(dress(command), beforeStart)
      const voice = context.voiceOf(variables)
      let answer = ''
      if (branch)
        return byHand.talk(terminal, {
          ...of,
          branch,
          values: variables,
          onTyping: prompt => context.emit({ type: 'step-progressed', ...of, text: `somebody types at "${prompt}"` }),
          onAnswer: (prompt, text) => context.emit({ type: 'prompt-answered', ...of, prompt, answer: String(text) }),
          onEntry: entry => context.emit({ type: 'transcript', ...of, text: transcriptLine(entry) }),
        })
      return converse(terminal, dialogue, {
        ...voice,
        answerOf(prompt, captured) {
          const text = voice.answerOf(prompt, captured)
          answer = text instanceof Secret || prompt.secret ? masked : text
          return text
        },
        // Written before it is typed: what was answered is known even if we do not live to see the effect.
        onAnswer: prompt => {
          const count = { at: dialogue.prompts.indexOf(prompt) + 1, of: dialogue.prompts.length }
          context.emit({
            type: 'prompt-answered',
            ...of,
            prompt: prompt.name,
            answer,
            ...(count.at > 0 && { count }),
          })
        },
        reconnect: () => context.nodes.shell(host),
        onEntry: entry => context.emit({ type: 'transcript', ...of, text: transcriptLine(entry) }),
      })
    },
    directory: journaledDirectory(directoryOf(context.nodes, host), (script, exitCode, ms) => {
      behind?.over()
      context.emit({ type: 'command', ...of, script, exitCode, ms })
    }),
    kept: keptBy(context.runId, step.id),
    person: {
      async ask(question) {
        const title = `${stepAddress(step.id, host)}  ${question.title}`
        const until = AbortSignal.any([time.over, ...(question.until ? [question.until] : [])])
        const answer = await time.within(context.person.ask({ ...question, title, until }))
        if (answer !== undefined)
          context.emit({ type: 'prompt-answered', ...of, prompt: question.prompt.trim(), answer })
        return answer
      },
    },
    upload: (bytes, path, mode) => shell.upload(bytes, path, mode),
    progress(text, { atMostMs } = {}) {
      outlook.limit(atMostMs)
      const known = outlook.say()
      context.emit({ type: 'step-progressed', ...of, text, ...(known.length > 0 && { outlook: known }) })
    },
  }
  try {
    const work = step.task.apply(use)
    // Others are ended with what they have at hand: nothing of it is left half done behind their back.
    return await (step.task.lasting || step.task.onlyWaits ? time.within(work) : work)
  } finally {
    outlook.stop()
  }
}

/** What tells one branch of a dialogue from another: what a task gives beside its values. */
const branchOf = (
  { step }: CheckOptions,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    dialogueFields(step.task.args)
      .flatMap(({ also }) => also)
      .map(name => [name, String(variables[name])]),
  )

/** Each command goes over the connection that stands: one that clears away after a loss has to find the node again. */
const lastingShell = (host: string, { nodes }: CheckOptions['context']): HostShell => ({
  host,
  run: async (script, options) => (await nodes.shell(host)).run(script, options),
  terminal: async (command, size) => (await nodes.shell(host)).terminal(command, size),
  follow: async script => (await nodes.shell(host)).follow(script),
  upload: async (bytes, path, mode) => (await nodes.shell(host)).upload(bytes, path, mode),
})

const transcriptLine = (entry: TranscriptEntry): string =>
  entry.type === 'shown' ? entry.text : `» ${entry.prompt}: ${entry.text}`
