// `run apply`: all that a plan rests on is looked at first; then its changes are made, and no others.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { followPlan } from '../engine/follow.ts'
import { findDrifts } from '../engine/preconditions.ts'
import type { PlanFile } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { expiryOf, readPlan } from '../plan/plan-file.ts'
import { plural, printableLines } from '../report/index.ts'
import { type Approved, findApproval } from './approval.ts'
import type { OpenNodes } from './connections.ts'
import { changedEnvironment } from './environment-prints.ts'
import { changedHostKeys } from './host-keys.ts'
import { changedInputs, printInputs } from './input-prints.ts'
import { type Inputs, readInputs, taskFiles } from './inputs.ts'
import { type Mask, maskOf } from './mask.ts'
import { planHead } from './plan-head.ts'
import { planCommand, refuse } from './plan-refusals.ts'
import { rehearse } from './rehearse.ts'
import { askedAgain } from './request.ts'
import { conduct, type RunFlags } from './run-playbook.ts'
import type { SecretFlags } from './secret-flags.ts'
import { changedSecrets } from './secret-prints.ts'
import { findSettings, type Settings } from './settings.ts'
import { onScreen } from './shape.ts'
import { shown } from './shown.ts'
import { siteName, sitePath } from './site-path.ts'
import type { Surroundings } from './surroundings.ts'
import { findTaken, takePlan } from './taken-plans.ts'

export type ApplyFlags = SecretFlags &
  Pick<RunFlags, 'forks' | 'events' | 'screenReader' | 'yes' | 'verbose' | 'diff' | 'assumeReleased' | 'reason'>

export const applyPlan = async (name: string, flags: ApplyFlags, around: Surroundings): Promise<number> => {
  const settings = findSettings(around.cwd)
  const file = resolve(around.cwd, name)
  const told = shown(file, around)
  const plan = readPlan(readText(file, told), told)
  const again = planCommand(plan.body.request, { file: told, site: settings.site, around })
  const held: Held = { plan, file, told, settings, again }
  const approved = settings.approval && findApproval(plan, told, settings.approval)
  tellHead(plan, approved, { flags, around })
  refuse(await whatIsWrongHere(held, approved, around), again)
  const inputs = await readAgain(held, flags, around)
  const mask = maskOf(inputs.redactor.redact)
  return conduct(
    {
      inputs,
      request: plan.body.request,
      flags: { ...flags, format: 'text' },
      held: {
        follow: followPlan(plan, { mask, again }),
        assertReady: nodes => assertReady(nodes, { ...held, inputs, mask, around, forks: flags.forks }),
        take: run => takePlan(settings.runs, { digest: plan.digest, file, run }),
      },
    },
    around,
  )
}

type Held = {
  readonly plan: PlanFile
  readonly file: string
  /** The same as the user would type it. */
  readonly told: string
  readonly settings: Settings
  /** The command that makes the plan anew. */
  readonly again: string
}

const readText = (file: string, told: string): string => {
  if (existsSync(file)) return readFileSync(file, 'utf8')
  throw new Problem({
    code: 'file-not-found',
    summary: `There is no file ${told}`,
    help: 'make a plan: run plan PLAYBOOK -o FILE',
    exit: exitCodes.input,
  })
}

type Shown = { readonly flags: ApplyFlags; readonly around: Surroundings }

const tellHead = (plan: PlanFile, approved: Approved | undefined, { flags, around }: Shown): void => {
  const { stderr } = around
  const signed = approved === undefined ? [] : [`  signed by ${approved.by.join(', ') || 'nobody who may sign'}`]
  const text = [...planHead(plan), ...signed].flatMap(printableLines).join('\n')
  stderr.write(`${onScreen(text, around, { indent: 4, flags, stream: stderr })}\n`)
}

/** All that can be told without a node, and without reading inputs that may not be what they were. */
const whatIsWrongHere = async (
  { plan, settings }: Held,
  approved: Approved | undefined,
  around: Surroundings,
): Promise<readonly Problem[]> => {
  const { site, runs, state, approval } = settings
  const files = plan.body.inputs.map(({ file }) => sitePath(file, site))
  return [
    expiryOf(plan, new Date()),
    findTaken(runs, plan.digest),
    approval?.isRequired ? approved?.problem : undefined,
    ...changedInputs(plan.body.inputs, await printInputs(files, site)).map(otherInput),
    ...addedInputs(plan, taskFiles(settings), site).map(newInput),
    ...changedEnvironment(plan, around, state),
  ].filter(problem => problem !== undefined)
}

const otherInput = (file: string): Problem =>
  new Problem({
    code: 'input-changed',
    summary: `${file} is not what it was when the plan was made`,
    seen: 'other bytes, or no such file',
    wanted: 'the bytes of then',
    help: putBack,
    exit: exitCodes.drift,
  })

const putBack = 'put it back as it was, or make the plan again'

/** The inputs again, which are those of the plan; files that came since, and secrets, are told now that they are known. */
const readAgain = async ({ plan, settings, again }: Held, flags: ApplyFlags, around: Surroundings): Promise<Inputs> => {
  const { playbook, ...asked } = askedAgain(plan.body.request, settings.site)
  const inputs = await readInputs(playbook, { ...flags, ...asked }, around)
  const added = addedInputs(plan, inputs.files, settings.site)
  refuse([...added.map(newInput), ...changedSecrets(plan, inputs.secrets, settings.state)], again)
  return inputs
}

/** Names of files that the plan does not know. */
const addedInputs = ({ body }: PlanFile, files: Iterable<string>, site: string): readonly string[] => {
  const known = new Set(body.inputs.map(({ file }) => file))
  return [...files].map(file => siteName(file, site)).filter(name => !known.has(name))
}

const newInput = (file: string): Problem =>
  new Problem({
    code: 'input-changed',
    summary: `${file} was not read when the plan was made, and is read now`,
    wanted: 'the files of then, and no others',
    help: putBack,
    exit: exitCodes.drift,
  })

type Ready = Held & {
  readonly inputs: Inputs
  readonly mask: Mask
  readonly around: Surroundings
  readonly forks: number | undefined
}

/** Every precondition, on every host, before anything is touched. */
const assertReady = async (nodes: OpenNodes, ready: Ready): Promise<void> => {
  const { plan, inputs, mask, around, again, forks } = ready
  const { body } = plan
  const started = performance.now()
  refuse(await changedHostKeys(body.hostKeys, nodes, inputs.released), again)
  refuse(await findDrifts(body, { nodes, mask }), again)
  const follow = followPlan(plan, { mask, again })
  refuse(await rehearse({ inputs, request: body.request, follow, nodes, around, ...(forks && { forks }) }), again)
  const hosts = plural(body.hostKeys.length, 'host')
  around.stderr.write(`  it still fits: ${hosts} looked at again in ${Math.round(performance.now() - started)} ms\n\n`)
}
