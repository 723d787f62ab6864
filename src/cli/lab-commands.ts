// `run lab …`: the cluster on this machine.
import { type Command, Option } from 'commander'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Act } from './act.ts'
import { countOf } from './command-line.ts'
import { type DirectoryKind, type Lab, labDirectory, loadLab } from './lab.ts'
import { findSettings } from './settings.ts'
import { onScreen } from './shape.ts'
import type { Surroundings } from './surroundings.ts'

export const addLabCommands = (run: Command, around: Surroundings, act: Act): void => {
  const lab = run
    .command('lab')
    .description('a cluster of nodes on this machine, to try things on')
    .enablePositionalOptions()
  const dir = () => labDirectory(findSettings(around.cwd).state)
  const say = (text: string) => around.stdout.write(`${onScreen(text, around, { indent: 7 })}\n`)
  /** Says what is so now: whoever typed it twice, or on the wrong lab, sees it. */
  const said = (work: (lab: LabWork) => Promise<unknown>, words: string) =>
    act(async () => {
      await work(await loadLab())
      say(words)
      return exitCodes.done
    })

  lab
    .command('up')
    .description('bring it up, if it is not')
    .option('-n, --nodes <n>', 'how many nodes, 2 to 32; 3 without it', countOf)
    .option('--sshd', 'with OpenSSH’s server on the nodes')
    .addOption(
      new Option('--directory <which>', 'which directory: its own, or OpenLDAP’s server').choices([
        'stand-in',
        'slapd',
      ]),
    )
    .action((options: UpOptions) =>
      act(async () => {
        const { labUp } = await loadLab()
        say(describe(await labUp({ dir: dir(), ...options })))
        return exitCodes.done
      }),
    )

  lab
    .command('down')
    .description('take it down; nothing of it is left')
    .action(() => said(lab => lab.labDown(dir()), 'The lab is down; nothing of it is left.'))

  lab
    .command('status')
    .description('how it is; ends with 1 when it is not up')
    .action(() =>
      act(async () => {
        const status = await (await loadLab()).labStatus(dir())
        say(status ? describe(status) : 'The lab is not up.')
        return status ? exitCodes.done : exitCodes.failed
      }),
    )

  lab
    .command('reset')
    .description('put back the state that it came up with')
    .action(() => said(lab => lab.labReset(dir()), 'The lab is as it came up.'))

  lab
    .command('snapshot <name>')
    .description('keep its state by a name')
    .action((name: string) =>
      said(lab => lab.labSnapshot(dir(), name), `Kept: \`run lab restore ${name}\` puts it back.`),
    )

  lab
    .command('restore <name>')
    .description('put a kept state back')
    .action((name: string) =>
      said(lab => lab.labRestore(dir(), name), `The lab is as it was kept by the name ${name}.`),
    )

  lab
    .command('kill <node>')
    .description('take the power from a node: all that runs on it ends, and the cluster moves on')
    .action((node: string) =>
      said(lab => lab.labKill(dir(), node), `${node} is without power; \`run lab boot ${node}\` starts it again.`),
    )

  lab
    .command('boot <node>')
    .description('start a node again that was killed')
    .action((node: string) => said(lab => lab.labBoot(dir(), node), `${node} is up.`))

  lab
    .command('shell <node> [command...]')
    .description('a shell on a node, or one command')
    .passThroughOptions()
    .action((node: string, command: readonly string[]) => act(() => shellOn(node, command, dir())))
}

type LabWork = Awaited<ReturnType<typeof loadLab>>
type UpOptions = { readonly nodes?: number; readonly sshd?: boolean; readonly directory?: DirectoryKind }

/** @returns Exit status of the shell, or of the command. */
const shellOn = async (node: string, command: readonly string[], dir: string): Promise<number> => {
  const { connectionOf, labShell, labStatus } = await loadLab()
  const status = await labStatus(dir)
  if (!status) throw new Problem({ code: 'lab-down', summary: 'The lab is not up', help: 'run lab up' })
  const connection = connectionOf(status, node)
  // As with ssh: what stands behind it is a command, whatever it begins with.
  return labShell(connection, (command[0] === '--' ? command.slice(1) : command).join(' '))
}

const describe = ({ lane, root, storage, nodes, lacks, uuid, directory, snapshots }: Lab): string =>
  [
    `lab    ${lane}: root ${root}, storage ${storage}${uuid ? `, UUID ${uuid}` : ''}`,
    ...nodes.map(
      ({ name, address, port, isUp }) =>
        `node   ${name}  ${address}  ${isUp ? `ssh 127.0.0.1:${port}` : 'without power'}`,
    ),
    `ldap   ${directory.address}:389 for the nodes, 127.0.0.1:${directory.port} from here${directory.kind === 'slapd' ? ' (OpenLDAP)' : ''}`,
    ...(lacks.length > 0 ? [`lacks  ${lacks.join('; ')}`] : []),
    ...(snapshots.length > 0 ? [`kept   ${snapshots.join(', ')}`] : []),
  ].join('\n')
