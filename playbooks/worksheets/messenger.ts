// The site's own values, by their meaning: the Messenger clustering worksheet and the Messenger worksheet.
// The manual numbers them differently in different places, so no number stands here. `run worksheet` asks for what is
// needed and for what is `asked`; `source` is where the manual speaks of it.
import { absolutePath, groupName, Secret, secret, serviceName, userName, z } from '#task'

const port = z.int().min(1).max(65535)
const seconds = z.number().min(0)

/** What else is answered in the same mapping. */
type Beside = Readonly<Record<string, unknown>>
const isNss = ({ kind }: Beside): boolean => kind === 'nss'
const hasCertificate = ({ tls_certificate }: Beside): boolean => Boolean(tls_certificate)

/** Where the partition is mounted, and where the system is set up. */
const first = '11.2.1 preferred node, 1'
const sixth = '11.2.1 preferred node, 6'

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
      kind: z.enum(['nss', 'lvm', 'evms', 'plain']).meta({
        description:
          'the shared storage, by what is activated before the mount: NSS pool, clustered LVM, EVMS, or nothing',
        source: first,
      }),
      device: absolutePath.meta({ description: 'its device, the same path on every node', source: first }),
      fstype: z
        .string()
        .regex(/^[\w.-]+$/, 'the name of a kind of file system, such as ext3 or nssvol')
        .meta({
          description: 'its file system, as `mount -t` has it',
          source: '11.2.3 load script, 7.2',
        }),
      group: z
        .string()
        .nullish()
        .meta({
          description: 'NSS pool, LVM volume group or EVMS container',
          source: '11.2.3 load script, 6 and 7',
          asked: ({ kind }: Beside) => kind !== 'plain',
        }),
      volume: z.string().nullish().meta({ description: 'NSS volume', source: '11.2.3 load script, 6.1', asked: isNss }),
      volume_id: z.int().min(0).max(254).nullish().meta({
        description: 'of the NSS volume, unique in the cluster; a wrong one makes the mount fail silently',
        source: '11.2.3 load script, 6.1',
        asked: isNss,
      }),
      ncp_server: z
        .string()
        .nullish()
        .meta({ description: 'virtual NCP server of the NSS pool, where it has one', asked: isNss }),
      deactivate: z.boolean().default(true).meta({ description: 'whether the unload script deactivates EVMS' }),
      options: z
        .string()
        .default('noatime,nodiratime')
        .meta({ description: 'options of the mount', source: '11.2.3 load script, 7' }),
    },
    { error: onlyOne('partition') },
  )
  .refine(({ kind, group }) => kind === 'plain' || Boolean(group), {
    path: ['group'],
    message: 'what has to be activated before the mount',
  })
  .refine(({ kind, volume }) => kind !== 'nss' || Boolean(volume), {
    path: ['volume'],
    message: 'the name of the NSS volume',
  })
  .refine(({ kind, volume_id }) => kind !== 'nss' || typeof volume_id === 'number', {
    path: ['volume_id'],
    message: 'the ID of the NSS volume, a whole number from 0 to 254',
  })

const answer = z.union([z.string(), z.number(), z.boolean(), z.instanceof(Secret)])

const secondaryAddress = z.strictObject(
  {
    ip: z.ipv4().meta({
      description:
        'secondary IP address of the partition: static, in the network of the nodes; it moves with the resource',
      source: '11.2.3 load script, 6.2',
    }),
    prefix: z.int().min(1).max(32).meta({ description: 'length of its network prefix, such as 24 for 255.255.255.0' }),
    device: z.string().meta({ description: 'network device that carries it on each node, such as eth0' }),
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

export default z
  .looseObject({
    partition,
    mount_point: absolutePath.meta({
      description: 'where the partition is mounted, the same on every node; usually /media/nss/VOLUME for NSS',
      source: first,
    }),
    secondary_address: secondaryAddress.meta({ description: 'address of the cluster resource' }),
    cluster_resource: z
      .string()
      .regex(/^[A-Za-z0-9_]{1,63}$/, 'at most 63 letters, digits and _')
      .meta({
        description: 'the cluster resource that owns the partition, as `cluster resources` names it',
        source: '11.2.3 load script, 4',
      }),
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
    agents_user: userName.meta({
      description: 'the user that the agents run as, such as nvlmsgr or root; on NSS known to the directory, with LUM',
      source: '11.2.1 non-root access',
    }),
    agents_group: groupName.meta({ description: 'the group of that user', source: '11.2.1 non-root access' }),
    agents_uid: z
      .int()
      .nullish()
      .meta({
        description: 'the uid of the agents’ user, the same on every node; files on the partition belong to the number',
        source: '11.2.1 non-root access',
        asked: ({ agents_user }: Beside) => agents_user !== 'root',
      }),
    archive_agent: z.boolean().meta({
      description:
        'whether conversations are archived; without, there is no Archive Agent, and two paths instead of five',
      source: '11.2.2 Messaging Agent queue path',
    }),
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
      command: z.string().meta({
        description: 'the command that starts the Installation program, from the media unpacked on each node',
        source: '11.2.1 preferred node, 2',
      }),
      dialogue: z.string().meta({
        description: 'how it is answered: a file in dialogues, without its ending, such as messenger-2.2',
        source: '11.2.1 preferred node, 3 to 6',
      }),
      system: absolutePath.meta({
        description: 'a path on the partition that is there once the system is created',
        source: '11.2.1 preferred node, 5',
      }),
      package: z
        .string()
        .nullish()
        .meta({ description: 'its name in the package database, if you know it', asked: true }),
      answers: z
        .record(z.string().regex(/^[a-z_]\w*$/i, 'a name of letters, digits and _'), answer)
        .default({})
        .meta({
          description:
            'by name, what your program asks for beside the values of this worksheet; a dialogue can name it',
        }),
    }),
    messenger: z
      .strictObject({
        installation_path: absolutePath.meta({
          description: 'where the software is installed on each node',
          source: sixth,
        }),
        tree: z.string().meta({ description: 'the eDirectory tree', source: sixth }),
        server_context: directoryName.meta({
          description: 'the context in which the Messenger objects are created',
          source: sixth,
        }),
        service_dn: directoryName.nullish().meta({ description: 'the Messenger Service object, by its LDAP name' }),
        ldap_host: hostName.meta({ description: 'the LDAP server that the agents ask', source: sixth }),
        ldap_port: z
          .union([z.literal(389), z.literal(636)])
          .meta({ description: 'its port: 389, or 636, which speaks TLS', source: sixth }),
        root_certificate: absolutePath.nullish().meta({
          description: 'file on each node with the root certificate of the LDAP server; needed for port 636',
          source: sixth,
          asked: ({ ldap_port }: Beside) => ldap_port === 636,
        }),
        user_dn: directoryName.meta({
          description: 'distinguished name of the user that the agents log in as',
          source: sixth,
        }),
        user_password: secret.meta({ description: 'the password of that user', source: sixth }),
        user_contexts: z
          .string()
          .meta({ description: 'the contexts in which the users of Messenger are', source: sixth }),
        bind_to_address: z.boolean().meta({
          description: 'whether the agents listen on the secondary address alone',
          source: sixth,
        }),
        tls_certificate: absolutePath.nullish().meta({
          description: 'file on each node with the certificate of the agents; left out, they speak without TLS',
          source: sixth,
          asked: true,
        }),
        tls_key: absolutePath
          .nullish()
          .meta({ description: 'file with its key', source: sixth, asked: hasCertificate }),
        tls_key_password: secret
          .nullish()
          .meta({ description: 'the password of that key, where it has one', source: sixth, asked: hasCertificate }),
        tls: z.boolean().optional().meta({
          description: 'whether the agents speak TLS on their ports; unless told, where a certificate is named',
        }),
        messaging_port: port.default(8300).meta({ description: 'port of the Messaging Agent', source: sixth }),
        archive_port: port.default(8310).meta({ description: 'port of the Archive Agent', source: sixth }),
        administration_files: z
          .boolean()
          .default(false)
          .meta({ description: 'whether the administration files are installed too', source: sixth }),
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
  .meta({
    // What every inventory has, in the words of this manual.
    beside: {
      'cluster.name': {
        description: 'the name of the cluster, as the cluster and the directory have it',
        source: '11.2.3 load script, 2',
      },
      failover_list: {
        description:
          'the nodes on which the agents may run, the preferred node first: names as the cluster has them, in its order',
        source: '11.2.3 failover list and policies, 2',
      },
      ldap_directory: { source: '11.2.2' },
    },
  })
