// The IP addresses that a node has.
import { resource, z } from '#task'

export const addresses = resource<{ ips: string[] }>({
  kind: 'addresses',
  schema: z.object({ ips: z.array(z.string()) }),
  read: $ => $`ip -o addr show`,
  parse: ({ stdout }) => ({ ips: [...stdout.matchAll(/ inet6? ([^/ ]+)/g)].map(([, ip = '']) => ip) }),
})
