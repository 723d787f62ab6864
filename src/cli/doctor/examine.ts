// One node is asked all questions: over one shell, the answers of one not waiting for the next. It is looked at only.
import { isDeepStrictEqual } from 'node:util'
import type { Host } from '../../inventory/inventory.ts'
import { exitCodes, Problem } from '../../model/problem.ts'
import type { NodeReport, Reply } from '../../report/doctor/model.ts'
import { hostDollar } from '../../shell/dollar.ts'
import type { HostShell } from '../../shell/host-shell.ts'
import { createRedactor, type Redact } from '../../shell/redact.ts'
import type { Directory } from '../../task/directory.ts'
import type { InventoryLine, Question } from '../../task/question.ts'
import { readNow } from '../../task/resource.ts'
import { renderTree, type Variables } from '../../template/render.ts'
import { secretsIn } from '../../template/tree.ts'
import { neededValues } from './needed-values.ts'

/** No look takes longer on a node that is well. */
const longest = '20s'

export type Node = {
  readonly host: Host
  /** Templates can name these too. */
  readonly known: Variables
  readonly directory: Directory
  /** @throws {Problem} where it cannot be reached. */
  shell(): Promise<HostShell>
}

/** Never rejects because of a node: one that cannot be asked is told as that. */
export const examine = async (node: Node, questions: readonly Question[]): Promise<NodeReport> => {
  const { host, known } = node
  const variables = { ...known, ...host.variables }
  const redact = createRedactor(secretsIn(renderTree(variables, variables).value)).redact
  const replies = new Map<string, Reply>()
  try {
    const shell = await node.shell()
    // The first opens the shell, and becomes who is to be become: what keeps it from that keeps all others from it.
    await shell.run(':', { reads: true })
    await Promise.all(
      questions.map(async question => {
        const reply = await replyTo(question, { node, shell, variables })
        replies.set(question.name, maskedReply(reply, redact))
      }),
    )
    return { host: host.name, replies }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { host: host.name, replies, outOfReach: masked(error, redact) }
  }
}

type Asking = { readonly node: Node; readonly shell: HostShell; readonly variables: Variables }

const replyTo = async (question: Question, { node, shell, variables }: Asking): Promise<Reply> => {
  const { values, lacks } = neededValues(question.needs ?? {}, variables)
  if (lacks !== undefined) return { type: 'not-asked', because: lacks }
  const $ = hostDollar(shell)({ nothrow: true, reads: true, timeout: longest })
  try {
    const told = await question.ask({
      host: node.host.name,
      values,
      look: ref => readNow($, ref, node.directory),
    })
    const lines = told.lines?.filter(line => !isSaid(line, variables))
    return { type: 'told', ...told, ...(lines && { lines }) }
  } catch (error) {
    if (!(error instanceof Problem) || isOfConnection(error)) throw error
    return { type: 'failed', problem: error }
  }
}

/** The inventory says it already. */
const isSaid = ({ path: [name = '', ...rest], value }: InventoryLine, variables: Variables): boolean => {
  const { value: there } = renderTree(variables[name], variables)
  return isDeepStrictEqual(rest.reduce(valueBelow, there), value)
}

const valueBelow = (at: unknown, name: string): unknown =>
  typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined

/** Whatever is asked next fails the same way. */
const isOfConnection = ({ code }: Problem): boolean => ['connection-lost', 'host-unreachable'].includes(code)

const maskedReply = (reply: Reply, redact: Redact): Reply => {
  if (reply.type === 'failed') return { type: 'failed', problem: masked(reply.problem, redact) }
  if (reply.type === 'not-asked') return reply
  const { text, wrong, mind, ...rest } = reply
  return {
    ...rest,
    text: redact(text),
    ...(wrong !== undefined && { wrong: redact(wrong) }),
    ...(mind !== undefined && { mind: redact(mind) }),
  }
}

const masked = ({ fields }: Problem, redact: Redact): Problem =>
  new Problem({
    code: fields.code,
    summary: redact(fields.summary),
    ...(fields.seen !== undefined && { seen: redact(fields.seen) }),
    ...(fields.help !== undefined && { help: redact(fields.help) }),
    exit: fields.exit ?? exitCodes.failed,
  })
