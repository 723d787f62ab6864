// `run lock status` and `run lock break`: who has the cluster, and the way past a run that is dead somewhere else.
import { randomBytes } from 'node:crypto'
import { type Command, Option } from 'commander'
import { placesOf } from '../engine/lock/cluster-lock.ts'
import { breakLocks, type LockedPlace, lookAtPlaces, type PlaceState, type Places } from '../engine/lock/overview.ts'
import { directoryOnNode } from '../engine/node-directory.ts'
import { createRun, openJournal } from '../journal/index.ts'
import { controllerName } from '../model/lock.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Act } from './act.ts'
import { type ClusterFlags, type ClusterInputs, readClusterInputs } from './cluster-inputs.ts'
import { confirm } from './confirm.ts'
import { openNodes } from './connections.ts'
import { locksJson, locksText, tellPlace } from './lock-words.ts'
import { controllerPlace, livesHere, whoIsAt } from './locking.ts'
import { createReception } from './reception.ts'
import { withSecretFlags } from './secret-flags.ts'
import { shapeOf, spokenOption } from './shape.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

type StatusFlags = ClusterFlags & { readonly format: 'text' | 'json'; readonly screenReader?: true }
type BreakFlags = ClusterFlags & { readonly reason?: string; readonly yes?: boolean }

export const addLockCommands = (run: Command, around: Surroundings, act: Act): void => {
  const lock = run.command('lock').description('who has a cluster: one run at a time may change it')
  const withInventory = (command: Command) =>
    withSecretFlags(command.option('-i, --inventory <file>', 'inventory; the default is named in run.yml'))

  withInventory(lock.command('status'))
    .description('whose lock lies on this controller and on each node; ends with 4 where there is one')
    .addOption(new Option('--format <format>', 'form on stdout').choices(['text', 'json']).default('text'))
    .addOption(spokenOption())
    .action((flags: StatusFlags) => act(() => status(flags, around)))

  withInventory(lock.command('break'))
    .description('take away the lock of a run that is dead')
    .option('--reason <text>', 'how you know that it is dead; it is kept beside the runs')
    .option('-y, --yes', 'do not ask on a real cluster')
    .action((flags: BreakFlags) => act(() => breakLock(flags, around)))
}

const status = async (flags: StatusFlags, around: Surroundings): Promise<number> => {
  const inputs = await readClusterInputs(flags, around)
  return withPlaces({ inputs, around }, async places => {
    const states = await lookAtPlaces(places, livesHere())
    around.stdout.write(
      flags.format === 'json' ? locksJson(inputs, states) : locksText(inputs, states, shapeOf(flags, around)),
    )
    if (states.some(({ type }) => type === 'locked')) return exitCodes.locked
    return states.some(({ type }) => type === 'unknown') ? exitCodes.unreachable : exitCodes.done
  })
}

const breakLock = async (flags: BreakFlags, around: Surroundings): Promise<number> => {
  const { reason = '', yes = false } = flags
  if (reason.trim() === '') throw noReason()
  const inputs = await readClusterInputs(flags, around)
  return withPlaces({ inputs, around }, async places => {
    const states = await lookAtPlaces(places, livesHere())
    const locked = states.filter(isLocked)
    around.stderr.write(locksText(inputs, states, shapeOf({}, around, around.stderr)))
    assertDead(locked)
    if (locked.length > 0) {
      await confirm({ ...inputs, about: aboutBreaking(inputs, locked), yes, help: breakHelp }, around)
      const broken = await breakLocks(places, locked, randomBytes(16).toString('hex'))
      writeDown(broken, { inputs, reason, around })
      assertAllBroken(locked, broken)
    }
    return states.some(({ type }) => type === 'unknown') ? exitCodes.unreachable : exitCodes.done
  })
}

const isLocked = (state: PlaceState): state is LockedPlace => state.type === 'locked'

type Asking = { readonly inputs: ClusterInputs; readonly around: Surroundings }

const withPlaces = async (
  { inputs: { targetOf, hosts, cluster, settings }, around }: Asking,
  work: (places: Places) => Promise<number>,
): Promise<number> => {
  const reception = createReception(around)
  const nodes = openNodes(targetOf, { company: reception.company })
  const controller = controllerPlace(settings.runs, cluster)
  try {
    const at = placesOf({ nodes, controller, directory: directoryOnNode('locks', cluster) })
    return await work({ names: [controllerName, ...hosts], at })
  } finally {
    await nodes.close()
    reception.close()
  }
}

const aboutBreaking = ({ cluster }: ClusterInputs, locked: readonly LockedPlace[]): string =>
  `break the lock of cluster ${cluster}: ${locked.map(({ place }) => place).join(', ')}`

const breakHelp = 'make sure that the run is dead, then break its lock from a terminal, or with --yes'

type Breaking = Asking & { readonly reason: string }

/** In a journal of its own, beside those of the runs: it was no run that did it. */
const writeDown = (broken: readonly LockedPlace[], { inputs, reason, around }: Breaking): void => {
  if (broken.length === 0) return
  const { runs } = inputs.settings
  const journal = openJournal(runs, createRun(runs, new Date()))
  const owners = new Map(broken.flatMap(({ lock: { owner } }) => (owner ? [[owner.token, owner]] : [])))
  journal.emit({
    type: 'lock-broken',
    cluster: inputs.cluster,
    places: broken.map(({ place }) => place),
    owners: [...owners.values()],
    reason,
    by: whoIsAt(around),
  })
  journal.close()
  const places = broken.map(({ place }) => place).join(', ')
  around.stdout.write(`The lock is broken: ${places}. Written down in ${shown(journal.file, around)}\n`)
}

/** A run that goes on here can be ended, and then gives back all that it has. */
const assertDead = (locked: readonly LockedPlace[]): void => {
  const alive = locked.find(({ standing, lock }) => standing === 'alive' && livesHereNow(lock))
  if (!alive?.lock.owner) return
  const { pid, run } = alive.lock.owner
  throw new Problem({
    code: 'lock-alive',
    summary: `Run ${run} goes on: its process ${pid} runs on this controller`,
    seen: tellPlace(alive),
    wanted: 'a run that is dead',
    state: 'no lock was broken',
    help: `wait for its end, or end it: Ctrl-C where it was typed, or kill ${pid}; it gives back what it has`,
    exit: exitCodes.locked,
  })
}

const livesHereNow = ({ owner }: LockedPlace['lock']): boolean => owner !== undefined && livesHere()(owner) === true

const assertAllBroken = (locked: readonly LockedPlace[], broken: readonly LockedPlace[]): void => {
  const left = locked.filter(lock => !broken.includes(lock))
  if (left.length === 0) return
  throw new Problem({
    code: 'lock-not-broken',
    summary: 'Not every lock could be broken',
    seen: left.map(({ place }) => place).join(', '),
    state: broken.length === 0 ? 'no lock was broken' : `broken: ${broken.map(({ place }) => place).join(', ')}`,
    help: 'look again: somebody may have taken it in the meantime (run lock status)',
    exit: exitCodes.locked,
  })
}

const noReason = (): Problem =>
  new Problem({
    code: 'reason-missing',
    summary: '`run lock break` needs a reason',
    wanted: 'how you know that the run is dead',
    help: 'add --reason "…"; it is kept beside the runs',
    exit: exitCodes.input,
  })
