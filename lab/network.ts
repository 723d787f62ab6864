// The cluster's own network: a bridge in a namespace of its own; every node hangs on it by a cable.
import type { ChildProcess } from 'node:child_process'
import { bound, line, must } from './programs.ts'

export type Network = {
  /** A process in the bridge's namespace, to enter it by. */
  readonly pid: number
  /** Address of the bridge: what lies outside of the nodes, such as the directory. */
  readonly address: string
  /** Plugs nodes in; what they were plugged in by before is pulled. */
  plug(nodes: readonly { index: number; pid: number }[]): Promise<void>
  readonly child: ChildProcess
}

/** Address of the nth node, counted from 1. */
export const addressOf = (index: number): string => `10.88.1.${index}`

/** The address of the cluster resource; no node has it by itself. */
export const secondaryAddress = '10.88.1.100'

export const networkAddress = '10.88.1.254'

// A bridge without a MAC address of its own takes the lowest of its cables: with a node that dies it would change, and
// whoever has it in mind would ask nobody for a while.
// IPv6 would probe for duplicates and announce itself; this cluster's addresses are IPv4.
const bridge = `set -e
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 2>/dev/null || :
ip -batch - <<END
link set lo up
link add br0 address 02:00:0a:58:01:fe type bridge
addr add ${networkAddress}/24 dev br0
link set br0 up
END
echo up
exec sleep infinity`

export const createNetwork = async (): Promise<Network> => {
  const child = bound(['unshare', '--net', '--', 'sh', '-c', bridge])
  await line(child, 'up')
  const pid = child.pid ?? 0
  const plugged = new Map<number, string>()
  let cables = 0
  const cable = ({ index, pid }: { index: number; pid: number }) => {
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
    pid,
    address: networkAddress,
    child,
    // -force: the cable of a node that is gone goes by itself, now or in a moment.
    plug: async nodes => {
      const script = nodes.flatMap(cable).join('\n')
      await must(['nsenter', '-t', `${pid}`, '-n', '--', 'ip', '-force', '-batch', '-'], script).catch(ignoreMissing)
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
