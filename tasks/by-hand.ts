// A step that a person does: what to do, who does it, and what proves that it is done.
import {
  change,
  due,
  eventually,
  type HostDollar,
  notKnownYet,
  output,
  type Person,
  Problem,
  readNow,
  same,
  shellScript,
  task,
  z,
} from '#task'
import { type Asked, askUntilDone, firstLine, stopWord, titleOf } from './lib/by-person.ts'

const args = z.strictObject({
  text: z.string().min(1).meta({ description: 'what to do, in as many lines as it takes' }),
  who: z.string().optional().meta({ description: 'who does it, where that is not whoever started the run' }),
  evidence: z.string().optional().meta({ description: 'what is to be written down about it; it is journaled' }),
  probe: shellScript.optional().meta({
    ...shellScript.meta(),
    description: 'a script that only looks, and ends with 0 once it is done; carried out in a dry run too',
  }),
  within: z.number().min(0).default(0).meta({ description: 'seconds that it may take until the probe sees it' }),
})

type Args = z.infer<typeof args>

export default task({
  name: 'by-hand',
  summary: 'Have a person do something, and prove it by a probe or by their word',
  result: z.object({ evidence: z.string().meta({ description: 'what was written down' }) }),
  example: `
- name: Cable
  by-hand:
    who: operator in the machine room
    text: Plug the second cable of the storage into port 2.
    probe: test "$(cat /sys/class/net/eth1/carrier)" = 1
    within: 30
`,
  args,
  inPlaceOf: { reboot: 'write a `by-hand:` step, with a `probe:` that tells that the node is up again' },

  byHand: ({ text, who, probe, evidence }) => ({
    text: text.trim(),
    ...(who !== undefined && { who }),
    proof: [
      probe === undefined ? 'their word' : `the probe ends with 0: ${probe.trim()}`,
      ...(evidence === undefined ? [] : [`written down: ${evidence}`]),
    ].join('; '),
  }),

  async check({ world, proof, args }) {
    const because = `by hand${args.who === undefined ? '' : `, ${args.who}`}: ${firstLine(args.text)}`
    if (args.probe === undefined) {
      const proved = await proof.stands({ text: args.text })
      return proved.stands ? same(proved.because, proved.result) : due(because)
    }
    const seen = await world.look(output(args.probe))
    return seen.rc === 0 ? same('the probe proves it') : due(because, change(output(args.probe), seen, notKnownYet))
  },

  async apply({ $, args, person, progress }) {
    progress(`waiting for ${args.who ?? 'a person'}`)
    await haveItDone($, args, person)
    if (args.evidence === undefined) return
    return { evidence: await askEvidence(person, args, args.evidence) }
  },
})

/** Asks again for as long as the probe says that it is not done. */
const haveItDone = async ($: HostDollar, args: Args, person: Person): Promise<void> => {
  const { probe: script, within } = args
  if (script === undefined) return askUntilDone(person, asked(args), async () => undefined)
  if ((await probe($, script, 0)) !== undefined) await askUntilDone(person, asked(args), () => probe($, script, within))
}

const asked = ({ text, who, probe }: Args): Asked => ({
  text,
  ...(who !== undefined && { who }),
  ...(probe !== undefined && { proof: 'the probe ends with 0' }),
})

/** Asked until something is written down. */
const askEvidence = async (person: Person, args: Args, what: string): Promise<string> => {
  for (;;) {
    const said = await person.ask({
      title: titleOf(args.who),
      lines: ['It is done.'],
      prompt: `${what} (or ${stopWord}): `,
    })
    if (said === undefined || said.trim() === stopWord) throw notWritten(args, what)
    if (said.trim() !== '') return said.trim()
  }
}

/** @returns What the probe says against it; nothing when it proves it. */
const probe = async ($: HostDollar, script: string, withinSeconds: number): Promise<string | undefined> => {
  let last = await readNow($, output(script))
  const isProved = async () => {
    last = await readNow($, output(script))
    return last.rc === 0
  }
  if (last.rc !== 0 && withinSeconds > 0) await eventually(isProved, withinSeconds * 1000)
  if (last.rc === 0) return undefined
  const { rc, stdout, stderr } = last
  return [`the probe ends with ${rc}`, (stderr || stdout).slice(-300)].filter(Boolean).join(': ')
}

const notWritten = (args: Args, what: string): Problem =>
  new Problem({
    code: 'waits-for-person',
    summary: `The run waits for what ${args.who ?? 'a person'} has to write down: ${what}`,
    seen: 'it is done, and nothing is written down',
    wanted: what,
    state: 'nothing after this step was begun; what is held around it is given back',
    help: args.probe === undefined ? 'go on at a terminal' : 'keep it yourself: the next run finds the step done',
    exit: 5,
  })
