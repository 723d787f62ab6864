// Whether somebody in the network has an address, and whether it is the node that asks.
import { Problem, resource, z } from '#task'

const schema = z.object({ who: z.enum(['nobody', 'this node', 'another']) })

export const answering = resource<z.infer<typeof schema>>({
  kind: 'answering',
  schema,
  // Without `ping` nobody would seem to answer: the shell itself says then that it is not there.
  // ARP goes where a firewall drops `ping`; the first is asked where the node has it and it works.
  read: ($, ip) => $`
if ip -o addr show | grep -qF ${` inet ${ip}/`}; then echo this node; exit; fi
device=$(ip -o route get ${ip} 2>/dev/null | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p')
arping -q -D -c 1 -w 2 -I "$device" ${ip} </dev/null >/dev/null 2>&1
case $? in 0) echo nobody; exit;; 1) echo another; exit;; esac
command -v ping >/dev/null || { ping; exit; }
if ping -n -c 1 -w 1 ${ip} </dev/null >/dev/null 2>&1; then echo another; else echo nobody; fi`,
  parse({ stdout }) {
    const who = schema.shape.who.safeParse(stdout.trim())
    return who.success ? { who: who.data } : undefined
  },
})

/** @param who Has it. */
export const addressInUse = (ip: string, who: string): Problem =>
  new Problem({
    code: 'address-in-use',
    summary: `The secondary address ${ip} is in use, and the cluster resource is not`,
    seen: `${who} has it`,
    wanted: 'nobody, until the resource comes online: with a duplicate it becomes comatose',
    state: 'nothing was changed',
    help: `find out who has it (\`arping -c 2 ${ip}\` shows the MAC address); take it away there, or choose another one`,
  })
