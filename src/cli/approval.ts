// Who approved a plan: a detached signature over its digest, held against the signers that the site allows.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { PlanFile } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { quoteWord } from '../shell/quote.ts'
import type { Approval } from './settings.ts'

/** Keeps a signature for anything else, such as a commit, from counting as one for a plan. */
const namespace = 'run-plan'

export const signatureOf = (file: string): string => `${file}.sig`

/** The line that signs a plan. */
export const signCommand = ({ digest }: Pick<PlanFile, 'digest'>, file: string): string =>
  `printf %s ${digest} | ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n ${namespace} >${quoteWord(signatureOf(file))}`

export type Approved = {
  /** Who signed, as the file of allowed signers names them. */
  readonly by: readonly string[]
  /** Why it does not count as signed. */
  readonly problem?: Problem
}

/** @param file Where the plan lies; its signature lies beside it. */
export const findApproval = (plan: PlanFile, file: string, { allowedSigners }: Approval): Approved => {
  const signature = signatureOf(file)
  const problem = (seen: string) => ({ by: [], problem: notApproved({ seen, allowedSigners, plan, file }) })
  if (!existsSync(allowedSigners)) return problem(`no file ${allowedSigners}`)
  if (!existsSync(signature)) return problem(`no signature ${signature}`)
  const found = keygen(['find-principals', '-s', signature, '-f', allowedSigners])
  const principals = found.stdout.split('\n').filter(Boolean)
  if (found.status !== 0 || principals.length === 0) return problem('signed by nobody who may sign')
  const by = principals.filter(principal => {
    const signer = ['-I', principal, '-n', namespace, '-s', signature, '-f', allowedSigners]
    return keygen(['verify', ...signer], plan.digest).status === 0
  })
  if (by.length === 0) return problem(`a signature by ${principals.join(', ')}, but not of this plan`)
  return { by }
}

type Ran = { readonly status: number | null; readonly stdout: string }

const keygen = (args: readonly string[], input = ''): Ran => {
  const { error, status, stdout } = spawnSync('ssh-keygen', ['-Y', ...args], { input, encoding: 'utf8' })
  if (error) throw noKeygen(error)
  return { status, stdout }
}

type Missing = {
  readonly seen: string
  readonly allowedSigners: string
  readonly plan: PlanFile
  readonly file: string
}

const notApproved = ({ seen, allowedSigners, plan, file }: Missing): Problem =>
  new Problem({
    code: 'plan-not-approved',
    summary: 'The plan is not approved',
    seen,
    wanted: `a signature of this plan by somebody in ${allowedSigners}`,
    help: `have it reviewed and signed: ${signCommand(plan, file)}`,
    exit: exitCodes.drift,
  })

const noKeygen = (cause: Error): Problem =>
  new Problem({
    code: 'ssh-keygen-missing',
    summary: 'Signatures cannot be verified: ssh-keygen cannot be started',
    seen: cause.message,
    wanted: 'OpenSSH 8.1 or later on this machine',
    exit: exitCodes.drift,
    cause,
  })
