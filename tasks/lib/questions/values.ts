// The values of a Messenger inventory that questions need: as much of the worksheet as each of them can do with.
import { absolutePath, serviceName, userName, z } from '#task'

export const partition = z.object({
  kind: z.enum(['nss', 'lvm', 'evms', 'plain']),
  device: absolutePath,
  fstype: z.string().optional(),
  volume: z
    .string()
    .nullish()
    .transform(volume => volume ?? undefined),
})

export const secondaryAddress = z.object({ ip: z.ipv4(), device: z.string().optional() })

export const clusterResourceName = z.string().regex(/^[A-Za-z0-9_]{1,63}$/)

export const agentsUser = userName

export const installer = z.object({ command: z.string().min(1), package: z.string().nullish() })

export const agentServices = z
  .object({ messaging: serviceName.default('novell-nmma'), archive: serviceName.default('novell-nmaa') })
  .prefault({})

/** There is a directory to ask. */
export const directory = z.object({ address: z.string() })

export const system = z.object({ server_context: z.string(), service_dn: z.string().nullish() })

/** @source Messenger 2.2: `MessengerService` is where the system is created. */
export const serviceOf = ({ service_dn, server_context }: z.infer<typeof system>): string =>
  service_dn || `cn=MessengerService,${server_context}`
