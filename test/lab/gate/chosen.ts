// The cells that every run of the tests carries out: each kind of thing once, and each way in which a run can be refused.
import type { Cell } from './cells.ts'
import type { State } from './states.ts'
import type { TouchName } from './touches.ts'

const finished = (...by: readonly TouchName[]): Cell => ({ playbook: 'install', from: 'finished', by })
const stopped = (from: State, ...by: readonly TouchName[]): Cell => ({ playbook: 'install', from, by })
const other = (playbook: string, from: State, ...by: readonly TouchName[]): Cell => ({ playbook, from, by })

/** Side by side, each on a lab of its own; cells of one playbook stand together, since they share its states. */
export const chosenCells: readonly (readonly Cell[])[] = [
  [
    finished(),
    finished('mount point belongs to another'),
    finished('uid.conf is gone'),
    finished('uid.conf is a directory'),
    finished('uid.conf ends its line like DOS'),
    finished('an init script is edited'),
    finished('a startup file is gone'),
    finished('the package is removed'),
    finished('both agents start with the node'),
    finished('an init script cannot be carried out'),
    finished('a queue belongs to root'),
    finished('a log directory belongs to root'),
    finished("the agents' user is not known"),
    finished("the agents' user has another uid"),
    finished('an agent runs'),
    finished("the test's receipt is gone"),
    finished('a receipt is of another run'),
    finished('a receipt has other settings'),
    finished('the partition is made anew'),
    finished('a directory on the partition is gone'),
    finished('a directory on the partition is gone', "a directory's receipt is gone"),
    finished('a path in the directory is the default again'),
    finished('a path in the directory is another'),
    finished('a path in the directory is there twice'),
    finished('the agents are gone from the directory'),
    finished('all of the system is gone from the directory'),
    finished('a startup file has a switch for the queue'),
    finished('data was left in an old directory'),
  ],
  [
    stopped('fresh'),
    stopped('fresh', 'the installation program is not there'),
    stopped('install/mount-point@node1'),
    stopped('install/installer@node1'),
    stopped('install/installer@node1', 'the system on the partition is gone'),
    stopped('install/agents-test@node1'),
    stopped('paths/archive-agent-log@node1'),
    stopped('install/agents-test@node1', 'the partition is mounted on the first node'),
    stopped('install/agents-test@node1', 'the partition is mounted at another place'),
    stopped('install/agents-test@node1', 'something else is mounted at the mount point'),
    stopped('install/agents-test@node1', 'the device is gone on a node'),
    stopped('install/agents-test@node1', 'the cluster resource is offline'),
    stopped('install/agents-test@node1', 'the cluster resource runs'),
    stopped('install/uid-conf@node2', 'a log file belongs to root', 'an agent starts with the node'),
    other('paths', 'fresh'),
    other('paths', 'paths/archive-store@node1'),
    other('paths', 'finished', 'the partition is mounted on the second node', 'a directory on the partition is gone'),
    other('cluster', 'fresh'),
    other('cluster', 'finished', 'the load script is another'),
    other('cluster', 'finished', 'the secondary address is in use'),
    other('cluster', 'finished', 'a copy of the load script is older'),
    other('failover-list', 'fresh', 'the cluster has one preferred node'),
    other('failover-list', 'fresh', 'a node is gone from the cluster'),
    other('site', 'finished'),
    other('site', 'finished', 'the failback mode is another'),
    other('preflight', 'fresh'),
    other('preflight', 'fresh', 'the installation program is not there'),
    other('preflight', 'fresh', 'the device is gone on a node'),
    other('preflight', 'fresh', "the agents' user has another uid"),
  ],
]
