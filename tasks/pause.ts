// Waits for a while, or for a person.
import { due, type Person, Problem, same, task, z } from '#task'

/** A timer of Node cannot be set for longer than 24.8 days: it would end at once. */
const longestDays = 24

const args = z
  .strictObject({
    seconds: z.coerce.number().min(0).optional(),
    minutes: z.coerce.number().min(0).optional(),
    prompt: z.string().optional().meta({ description: 'what is told; where no time is given, what a person answers' }),
  })
  .refine(args => (secondsOf(args) ?? 0) <= longestDays * 86_400, `a wait of at most ${longestDays} days`)

type Time = { readonly seconds?: number | undefined; readonly minutes?: number | undefined }

export default task({
  name: 'pause',
  summary: 'Wait for a while, or until a person goes on',
  example: `
- name: Let it settle
  pause: { seconds: 30 }
- name: Somebody looks
  pause: { prompt: Look at the console of the storage }
`,
  programs: { sleep: 'write `pause: { seconds: … }`, or `wait_for:` what is waited for' },
  args,
  result: z.object({
    user_input: z.string().meta({ description: 'what the person answered' }),
    delta: z.number().meta({ description: 'seconds that it took' }),
    ...{ echo: z.boolean(), rc: z.number(), stderr: z.string(), stdout: z.string() },
  }),
  instead: { echo: 'remove it; a secret is asked for where a variable says so: `{ secret: ask }`' },
  onlyWaits: true,

  async check({ args }) {
    const seconds = secondsOf(args)
    if (seconds === 0) return same('no time to wait')
    return due(seconds === undefined ? `waits for a person: ${args.prompt ?? 'to go on'}` : `waits ${seconds} s`)
  },

  async apply({ args, person, progress, stopping }) {
    const [seconds, begun] = [secondsOf(args), Date.now()]
    if (seconds !== undefined) progress(args.prompt ?? `waits ${seconds} s`, { atMostMs: seconds * 1000 })
    const user_input =
      seconds === undefined
        ? await askToGoOn(person, { prompt: args.prompt, until: stopping })
        : await rest(seconds * 1000, stopping)
    const delta = Math.round((Date.now() - begun) / 1000)
    return { user_input, echo: true, delta, rc: 0, stderr: '', stdout: `Paused for ${delta} seconds` }
  },
})

const rest = (ms: number, stopping: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(''), ms)
    const stop = () => {
      clearTimeout(timer)
      reject(stopping.reason)
    }
    if (stopping.aborted) stop()
    else stopping.addEventListener('abort', stop, { once: true })
  })

/** Nothing where a person ends it. */
const secondsOf = ({ seconds, minutes }: Time): number | undefined =>
  seconds === undefined && minutes === undefined ? undefined : (seconds ?? 0) + (minutes ?? 0) * 60

type Asked = { readonly prompt: string | undefined; readonly until: AbortSignal }

const askToGoOn = async (person: Person, { prompt = 'Press Enter to go on', until }: Asked): Promise<string> => {
  const said = await person.ask({ title: 'Pause:', lines: [], prompt: `${prompt}: `, until })
  if (said !== undefined) return said
  throw new Problem({
    code: 'waits-for-person',
    summary: 'The run waits for a person, and nobody is at the terminal',
    wanted: prompt,
    state: 'nothing after this step was begun',
    help: 'start it at a terminal, or write `seconds:`',
    exit: 5,
  })
}
