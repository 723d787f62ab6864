// `run plan`: a dry run whose outcome is written down, with all that it rests on, so that a run can be held to it.
import { resolve } from 'node:path'
import type { PlanBody } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { RunRequest } from '../model/request.ts'
import { planBody } from '../plan/plan-body.ts'
import { sealPlan, writePlan } from '../plan/plan-file.ts'
import { quoteWord } from '../shell/quote.ts'
import { canonicalJson } from '../text/canonical.ts'
import { signCommand } from './approval.ts'
import { printEnvironment } from './environment-prints.ts'
import { readExtraVars } from './extra-vars.ts'
import { printInputs } from './input-prints.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { type Mask, maskOf } from './mask.ts'
import { requestOf } from './request.ts'
import { risksOnTheWay } from './risks.ts'
import { conduct, type Foretold, type RunFlags, tellPlan } from './run-playbook.ts'
import { printSecrets } from './secret-prints.ts'
import { onScreen } from './shape.ts'
import { shown } from './shown.ts'
import { siteName } from './site-path.ts'
import type { Surroundings } from './surroundings.ts'
import { writeWhole } from './write-whole.ts'

export type PlanFlags = RunFlags & {
  /** File to write, from where the user stands. */
  readonly output: string
  /** Milliseconds. */
  readonly validFor: number
}

export const makePlan = async (name: string, flags: PlanFlags, around: Surroundings): Promise<number> => {
  const inputs = await readInputs(name, flags, around)
  const request = requestOf(name, flags, { cwd: around.cwd, site: inputs.settings.site })
  const making: Making = { inputs, request, flags, around, mask: maskOf(inputs.redactor.redact) }
  await assertNothingSecret(making)
  const dry = { ...flags, dryRun: true }
  return conduct({ inputs, request, flags: dry, tell: foretold => writeDown(foretold, making) }, around)
}

type Making = {
  readonly inputs: Inputs
  readonly request: RunRequest
  readonly flags: PlanFlags
  readonly around: Surroundings
  readonly mask: Mask
}

const writeDown = async (foretold: Foretold, making: Making): Promise<void> => {
  const { flags, around, inputs } = making
  const file = resolve(around.cwd, flags.output)
  const told = shown(file, around)
  if (foretold.exitCode !== exitCodes.done) {
    tellPlan(foretold.state, flags, around)
    around.stderr.write(`No plan was written: the dry run did not come to its end.\n`)
    return
  }
  const now = new Date()
  const plan = sealPlan(await bodyOf(foretold, making), {
    tool: around.version,
    created: now.toISOString(),
    validUntil: new Date(now.getTime() + flags.validFor).toISOString(),
    ...printSecrets(inputs.secrets, inputs.settings.state),
    ...printEnvironment(inputs.environment, around, inputs.settings.state),
  })
  write(file, told, writePlan(plan))
  const next = `run apply ${quoteWord(told)}`
  tellPlan(foretold.state, flags, around, { digest: plan.digest, next })
  const about = `${told}  ${plan.digest}\n  valid until ${plan.validUntil}; it is carried out once\n`
  around.stderr.write(onScreen(about, around, { indent: 4, flags, stream: around.stderr }))
  if (inputs.settings.approval) around.stderr.write(`  to approve it:  ${signCommand(plan, told)}\n`)
}

const bodyOf = async ({ events, nodes }: Foretold, { inputs, request, around, mask }: Making): Promise<PlanBody> => {
  const { outline, settings, secrets, files, sums, environment } = inputs
  return planBody({
    outline,
    request,
    events,
    inputs: await printInputs(files, settings.site, sums),
    hostKeys: await nodes.hostKeys(),
    secrets: secrets.map(({ label }) => label),
    environment,
    risks: risksOf(inputs),
    nameOf: path => siteName(resolve(around.cwd, path), settings.site),
    mask,
  })
}

const risksOf = (inputs: Inputs): NonNullable<PlanBody['risks']> => [
  ...[...inputs.released].map(([host, reason]) => ({ host, text: `taken on trust to hold nothing: ${reason}` })),
  ...risksOnTheWay(inputs),
]

/** What stands in a request is written as it was typed: a secret there could neither be shown nor left out. */
const assertNothingSecret = async ({ request, around, mask }: Making): Promise<void> => {
  const inline = (request.extraVars ?? []).filter(text => !text.startsWith('@'))
  // Read as well, since JSON and YAML write a quote in a secret otherwise than it is.
  const { variables } = await readExtraVars(inline, around.cwd)
  const told = { request, given: variables?.written.value ?? {} }
  if (canonicalJson(mask(told)) === canonicalJson(told)) return
  throw new Problem({
    code: 'secret-in-request',
    summary: 'A secret stands in the command line, where a plan would have to show it',
    wanted: 'a plan with nothing secret in it',
    help: 'name the secret by where it is kept: `{ secret: env:NAME }` or `{ secret: file:PATH }`, in the inventory or in a file given with `-e @FILE`',
    exit: exitCodes.input,
  })
}

/** @throws {Problem} `plan-unwritable`. */
const write = (file: string, told: string, text: string): void => {
  try {
    writeWhole(file, text)
  } catch (cause) {
    throw new Problem({
      code: 'plan-unwritable',
      summary: `The plan cannot be written to ${told}`,
      seen: cause instanceof Error ? cause.message : String(cause),
      state: 'nothing was touched on any node',
      help: 'name a file in a folder where you may write',
      exit: exitCodes.input,
      cause,
    })
  }
}
