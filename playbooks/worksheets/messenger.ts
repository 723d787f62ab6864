// The site's own values, by their meaning: the Messenger clustering worksheet and the Messenger worksheet.
// The manual numbers them differently in different places, so no number stands here.
import { absolutePath, groupName, secret, serviceName, userName, z } from '#task'

const port = z.int().min(1).max(65535)
const seconds = z.number().min(0)

/** As LDAP writes it; eDirectory's own form has dots, and most of its tools show that one. */
const directoryName = z
  .string()
  .regex(
    /^(?:[A-Za-z][\w-]*=(?:[^,\\=]|\\.)+)(?:,\s*[A-Za-z][\w-]*=(?:[^,\\=]|\\.)+)*$/,
    'a name as LDAP writes it, such as cn=admin,o=acme',
  )

/** A name or an address alone: scheme and port have keys of their own. */
const hostName = z
  .string()
  .regex(/^(?:[\w-]+(?:\.[\w-]+)*|[\da-fA-F:]*:[\da-fA-F:.]+)$/, 'the name or the address of a host alone')

/** A second partition is possible, and the manual has no step that deals with it (errata, C2). */
const onlyOne =
  (what: string) =>
  ({ input }: { readonly input?: unknown }) =>
    Array.isArray(input) ? `one ${what}: a second partition, such as one for the archive, is not supported` : undefined

const partition = z
  .strictObject(
    {
      kind: z.enum(['nss', 'lvm', 'evms', 'plain']).meta({ description: 'what has to be activated before the mount' }),
      device: absolutePath.meta({ description: 'the same path on every node' }),
      fstype: z.string().regex(/^[\w.-]+$/, 'the name of a kind of file system, such as ext3 or nssvol'),
      group: z.string().nullish().meta({ description: 'NSS pool, LVM volume group or EVMS container' }),
      volume: z.string().nullish().meta({ description: 'NSS volume' }),
      volume_id: z.int().min(0).max(254).nullish().meta({ description: 'of the NSS volume, unique in the cluster' }),
      ncp_server: z.string().nullish().meta({ description: 'virtual NCP server of the NSS pool, where it has one' }),
      deactivate: z.boolean().default(true).meta({ description: 'whether the unload script deactivates EVMS' }),
      options: z.string().default('noatime,nodiratime'),
    },
    { error: onlyOne('partition') },
  )
  .refine(({ kind, group }) => kind === 'plain' || Boolean(group), {
    path: ['group'],
    message: 'what has to be activated before the mount',
  })

const secondaryAddress = z.strictObject(
  {
    ip: z.ipv4(),
    prefix: z.int().min(1).max(32),
    device: z.string().meta({ description: 'network device that carries it on each node' }),
  },
  { error: onlyOne('secondary address') },
)

const wholeSeconds = z.int().min(1)

/** @source Messenger 2.2, 11.2.3 */
const clusterScripts = z.strictObject({
  compose: z
    .enum(['insert', 'replace'])
    .optional()
    .meta({ description: 'into the scripts that stand there, which is usual for NSS, or in their place' }),
  stop_order: z.enum(['reverse', 'manual']).default('reverse').meta({ description: 'manual: as they are started' }),
  stop_wait: wholeSeconds.default(8).meta({ description: 'seconds that the agents have to stop by themselves' }),
  kill_wait: wholeSeconds.default(3).meta({ description: 'seconds after TERM, and again after KILL' }),
  gwha: z.boolean().default(false).meta({ description: 'whether GroupWise High Availability runs on the nodes' }),
  load_timeout: wholeSeconds.optional().meta({ description: 'seconds; left as it is unless told' }),
  unload_timeout: wholeSeconds.optional().meta({ description: 'seconds; left as it is unless told' }),
  timeout_unit: z
    .enum(['milliseconds', 'seconds', 'minutes'])
    .default('seconds')
    .meta({ description: 'in which the directory counts' }),
  hand_over: z.boolean().default(false).meta({ description: 'a person pastes them in iManager' }),
})

const code = z.string().optional()

/** @source Messenger 2.2, 11.2.3 */
const clusterPolicies = z.strictObject({
  failover: z.enum(['auto', 'manual']).optional().meta({ description: 'left as it is unless told' }),
  failback: z.enum(['auto', 'manual', 'disable']).optional().meta({ description: 'left as it is unless told' }),
  start: z.enum(['auto', 'manual']).optional().meta({ description: 'has no known attribute: a step by hand if told' }),
  codes: z
    .strictObject({
      failover: z.strictObject({ auto: code, manual: code }).prefault({}),
      failback: z.strictObject({ auto: code, manual: code, disable: code }).prefault({}),
    })
    .prefault({})
    .meta({ description: 'how the directory writes each mode, where it has no words for them' }),
  hand_over: z.boolean().default(false).meta({ description: 'a person sets them in iManager' }),
})

const place = z
  .strictObject({
    object: directoryName.meta({ description: 'distinguished name of the entry' }),
    attribute: z.string().meta({ description: 'name of its attribute' }),
  })
  .optional()
  .meta({ description: 'where the directory keeps it, if it cannot be found by its default' })

export default z.looseObject({
  partition,
  mount_point: absolutePath.meta({ description: 'where the partition is mounted, the same on every node' }),
  secondary_address: secondaryAddress.meta({ description: 'address of the cluster resource' }),
  cluster_resource: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,63}$/, 'at most 63 letters, digits and _')
    .meta({ description: 'the cluster resource that owns the partition' }),
  cluster_dn: directoryName.nullish().meta({
    description: 'the cluster object, by its LDAP name; looked for by its name in the whole tree unless told',
  }),
  cluster_scripts: clusterScripts.prefault({}),
  cluster_policies: clusterPolicies.prefault({}),
  agent_services: z
    .strictObject({
      messaging: serviceName.default('novell-nmma'),
      archive: serviceName.default('novell-nmaa'),
      unit_directory: absolutePath
        .default('/usr/lib/systemd/system')
        .meta({ description: 'where the installation puts units' }),
    })
    .prefault({})
    .meta({ description: 'what is started: init scripts, or units, whose names end with `.service`' }),
  agents_user: userName.meta({ description: 'the user that the agents run as, such as root' }),
  agents_group: groupName.meta({ description: 'the group of that user' }),
  agents_uid: z.int().nullish().meta({ description: 'the uid of the agents’ user, the same on every node' }),
  archive_agent: z.boolean().meta({ description: 'whether conversations are archived' }),
  startup_switches: z
    .array(z.string())
    .default(['queue', 'log', 'store', 'queuepath', 'logpath', 'storepath'])
    .meta({ description: 'switches of a startup file that would come before the paths in the directory' }),
  paths_in_directory: z
    .strictObject({
      messaging_queue: place,
      messaging_log: place,
      store: place,
      archive_queue: place,
      archive_log: place,
    })
    .prefault({}),
  drill: z
    .strictObject({
      move_within: seconds
        .default(1260)
        .meta({ description: 'for a move; longer than the timeouts of unload and load script together' }),
      answer_within: seconds.default(60).meta({ description: 'until the agents answer where the resource came' }),
      announce_within: seconds.default(5).meta({ description: 'until a node that remembers the address finds it' }),
    })
    .prefault({}),
  installer: z.strictObject({
    command: z.string().meta({ description: 'starts the Installation program, from the unpacked media' }),
    dialogue: z.string().meta({ description: 'file in playbooks/dialogues, without its ending' }),
    system: absolutePath.meta({ description: 'path on the partition that is there once the system is created' }),
    package: z.string().nullish().meta({ description: 'name in the package database' }),
  }),
  messenger: z
    .strictObject({
      installation_path: absolutePath,
      tree: z.string(),
      server_context: directoryName,
      service_dn: directoryName.nullish().meta({ description: 'the Messenger Service object, by its LDAP name' }),
      ldap_host: hostName,
      ldap_port: z.union([z.literal(389), z.literal(636)]),
      root_certificate: absolutePath.nullish(),
      user_dn: directoryName,
      user_password: secret,
      user_contexts: z.string(),
      bind_to_address: z.boolean().meta({ description: 'the agents listen on the secondary address alone' }),
      tls_certificate: absolutePath.nullish(),
      tls_key: absolutePath.nullish(),
      tls_key_password: secret.nullish(),
      tls: z.boolean().optional().meta({
        description: 'whether the agents speak TLS on their ports; unless told, where a certificate is named',
      }),
      messaging_port: port.default(8300),
      archive_port: port.default(8310),
      administration_files: z.boolean().default(false),
    })
    .refine(({ ldap_port, root_certificate }) => ldap_port !== 636 || Boolean(root_certificate), {
      path: ['root_certificate'],
      message: 'the root certificate file, since port 636 speaks TLS',
    })
    .refine(({ tls_certificate, tls_key }) => Boolean(tls_certificate) === Boolean(tls_key), {
      path: ['tls_key'],
      message: 'a key for the certificate, and a certificate for the key',
    })
    .refine(({ messaging_port, archive_port }) => messaging_port !== archive_port, {
      path: ['archive_port'],
      message: 'another port than that of the Messaging Agent',
    }),
})
