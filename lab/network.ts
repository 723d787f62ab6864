// The cluster's own network: a bridge in a namespace of its own; every node hangs on it by a cable.
import { type Door, NetDoor } from './net-door.ts'
import { bound, line, must } from './programs.ts'

type Plugged = { readonly index: number; readonly pid: number }

export type Network = {
  /** First three numbers of all addresses. */
  readonly part: string
  /** Address of what lies outside of the nodes, such as the directory. */
  readonly address: string
  /** What goes before a program that is to run there. */
  readonly enter: readonly string[]
  /** A way to there, or into a node. */
  door(node?: Plugged): Door
  /** Plugs nodes in; what they were plugged in by before is pulled. */
  plug(nodes: readonly Plugged[]): Promise<void>
  close(): void
}

/** The part of a network that is the lab's own. */
export const ownNetwork = '10.88.1'

/** Address of the nth node, counted from 1. */
export const addressOf = (part: string, index: number): string => `${part}.${index}`

/** The address of the cluster resource; no node has it by itself. */
export const secondaryAddressOf = (part: string): string => `${part}.100`

/** Of what lies outside of the nodes. */
export const outerAddressOf = (part: string): string => `${part}.254`

// A bridge without a MAC address of its own takes the lowest of its cables: with a node that dies it would change, and
// whoever has it in mind would ask nobody for a while.
// IPv6 would probe for duplicates and announce itself; this cluster's addresses are IPv4.
const bridge = `set -e
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 2>/dev/null || :
ip -batch - <<END
link set lo up
link add br0 address 02:00:0a:58:01:fe type bridge
addr add ${outerAddressOf(ownNetwork)}/24 dev br0
link set br0 up
END
echo up
exec sleep infinity`

/** @param entry File of this program, to start small processes of it in other namespaces. */
export const createNetwork = async (entry: string): Promise<Network> => {
  const child = bound(['unshare', '--net', '--', 'sh', '-c', bridge])
  await line(child, 'up')
  const outside = { pid: child.pid ?? 0 }
  const enter = ['nsenter', '-t', `${outside.pid}`, '-n', '--']
  const plugged = new Map<number, string>()
  let cables = 0
  const cable = ({ index, pid }: Plugged) => {
    const old = plugged.get(index)
    const name = `n${index}c${++cables}`
    plugged.set(index, name)
    return [
      ...(old ? [`link del ${old}`] : []),
      // One and the same MAC address, so that a neighbour's ARP cache outlives a restart of the node.
      `link add ${name} type veth peer name eth0 address 02:00:0a:58:01:${index.toString(16).padStart(2, '0')} netns ${pid}`,
      `link set ${name} master br0 up`,
    ]
  }
  return {
    part: ownNetwork,
    address: outerAddressOf(ownNetwork),
    enter,
    door: ({ pid }: { pid: number } = outside) => new NetDoor(pid, entry),
    close: () => void child.kill('SIGKILL'),
    // -force: the cable of a node that is gone goes by itself, now or in a moment.
    plug: async nodes => {
      const script = nodes.flatMap(cable).join('\n')
      await must([...enter, 'ip', '-force', '-batch', '-'], script).catch(ignoreMissing)
    },
  }
}

/** It may go between the moment that it is named and the moment that it is deleted: then the kernel says it in other words. */
const ignoreMissing = (error: Error): void => {
  const others = error.message
    .split('\n')
    .filter(text => !/Cannot find device|No such device|Command failed/.test(text))
  if (others.some(text => /RTNETLINK|Error/.test(text))) throw error
}
