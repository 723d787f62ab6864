// Whether something listens on a TCP port of the node.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.object({ listening: z.boolean() })

const listenState = '0A'

export const port = resource<z.infer<typeof schema>>({
  kind: 'port',
  schema,
  read: $ => $`cat /proc/net/tcp && if [ -e /proc/net/tcp6 ]; then cat /proc/net/tcp6; fi`,
  parse({ stdout }, key) {
    const wanted = Number(key).toString(16).toUpperCase().padStart(4, '0')
    return { listening: stdout.split('\n').some(line => isListening(line, wanted)) }
  },
})

/** @source Linux, Documentation/networking/proc_net_tcp: `sl local_address rem_address st …`, in hexadecimal. */
const isListening = (line: string, wantedPort: string): boolean => {
  const [, local = '', , state] = line.trim().split(/\s+/)
  return state === listenState && local.endsWith(`:${wantedPort}`)
}
