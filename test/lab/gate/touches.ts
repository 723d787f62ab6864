// What a person, another program or a bad night may change on a cluster behind our back; one for each kind at least.
import { canary } from '../e2e/site.ts'

export type Touch = {
  /** Names of the things that it changes, as checks look at them; a playbook that looks at none is not tried with it. */
  readonly of: readonly string[]
  readonly node: string
  /** A POSIX sh script, carried out on the node. */
  readonly does: string
  /** Names of what no dry run can see once this is done: things on the partition, or what a foreign program says. */
  readonly hides?: readonly string[]
  /** True where a dry run says of a step that it cannot be told before. */
  readonly isUndecided?: boolean
}

const at = '/mnt/messenger'
const uidConf = '/etc/opt/novell/messenger/uid.conf'
const data = '/var/opt/novell/messenger'
const logs = '/var/opt/novell/log/messenger'
const startup = '/etc/opt/novell/messenger/strtup'
const media = '/media/messenger/install'
const system = `${at}/novell/messenger/config`
const receipts = '/var/lib/run/receipts/msgr1'

/** Receipts alone vouch for them: without one they are presumed to be as on a partition that nobody has used. */
const directories = ['ma/queue', 'ma/log', 'aa/store', 'aa/queue', 'aa/log'].map(path => `file ${at}/${path}`)

/** Does something on the partition and leaves it unmounted, as another program might. */
const onPartition = (script: string): string =>
  `mkdir -p /run/aside && mount /dev/messenger/data /run/aside && cd /run/aside && ${script}; cd / && umount /run/aside`

/** A process of that name that lives on. */
const leftRunning = (program: string): string =>
  `cp "$(command -v sleep)" /tmp/${program} && { setsid /tmp/${program} 600 >/dev/null 2>&1 </dev/null & }`

/** Cluster Services as they answer on a node. */
const clusterSays = (state: string): string =>
  `printf '#!/bin/sh\\necho "Name State Node Lives"; echo "MESSENGER ${state} node1 1"\\n' >/usr/local/sbin/cluster && chmod 755 /usr/local/sbin/cluster`

const service = 'cn=MessengerService,ou=messenger,o=acme'
const server = `cn=MessengerServer,${service}`
const messagingAgent = `cn=MessagingAgent,${server}`
const archiveAgent = `cn=ArchiveAgent,${server}`

/** Something that an administrator does in the directory, from a node, as the user that the agents know. */
const inDirectory = (does: string): string => `${'"$(cat /etc/lab/node)"'} --input-type=module -e '
import { readFileSync } from "node:fs"
import { connect } from "/opt/novell/eDirectory/lib/ldap.mjs"
const lines = readFileSync("/etc/opt/novell/messenger/strtup.ma", "utf8").split("\\n")
const settings = Object.fromEntries(lines.map(line => line.replace(/^--/, "").split(" ")))
const directory = await connect({ host: settings.ldapserver, port: Number(settings.ldapport) })
await directory.bind(settings.user, Buffer.from(settings.password, "hex").toString())
${does}
directory.close()'`

const clusterObject = 'cn=msgr1,o=acme'

/** Something that the administrator of the cluster does, also where nothing is installed yet. */
const inCluster = (does: string): string => `${'"$(cat /etc/lab/node)"'} --input-type=module -e '
import { connect } from "/opt/novell/eDirectory/lib/ldap.mjs"
const directory = await connect({ host: "10.88.1.254", port: 389 })
await directory.bind("cn=admin,o=acme", Buffer.from("${Buffer.from(canary.whole).toString('hex')}", "hex").toString())
${does}
directory.close()'`

const setResource = (attribute: string, ...values: readonly string[]): string =>
  inCluster(`await directory.replace("cn=MESSENGER,${clusterObject}", "${attribute}", ${JSON.stringify(values)})`)

const setQueue = (to: string): string =>
  inDirectory(`await directory.replace("${messagingAgent}", "nnmAgentQueueDir", ["${to}"])`)

const deleteAll = (...names: readonly string[]): string =>
  inDirectory(names.map(dn => `await directory.delete("${dn}")`).join('\n'))

const queueHolders = `holders "${data}/ma/queue" below ${service}`

export const touches = {
  'mount point is gone': { of: [`file ${at}`], node: 'node1', does: `rmdir ${at}` },
  'mount point belongs to another': { of: [`file ${at}`], node: 'node2', does: `chown nobody ${at}` },
  'mount point has another mode': { of: [`file ${at}`], node: 'node2', does: `chmod 0700 ${at}` },
  'uid.conf is gone': { of: [`file ${uidConf}`, `text ${uidConf}`], node: 'node1', does: `rm ${uidConf}` },
  'uid.conf has another mode': { of: [`file ${uidConf}`], node: 'node2', does: `chmod 0600 ${uidConf}` },
  'uid.conf is a directory': { of: [`file ${uidConf}`], node: 'node2', does: `rm ${uidConf}; mkdir ${uidConf}` },
  'uid.conf names another': { of: [`text ${uidConf}`], node: 'node2', does: `echo somebody >${uidConf}` },
  'uid.conf ends without a line break': { of: [`text ${uidConf}`], node: 'node1', does: `printf nvlmsgr >${uidConf}` },
  'uid.conf ends its line like DOS': {
    of: [`text ${uidConf}`],
    node: 'node2',
    does: `printf 'nvlmsgr\\r\\n' >${uidConf}`,
  },
  'an init script is edited': {
    of: ['checksum /etc/init.d/novell-nmma'],
    node: 'node2',
    does: 'echo "# mine" >>/etc/init.d/novell-nmma',
  },
  'a startup file is edited': {
    of: [`checksum ${startup}.aa`],
    node: 'node1',
    does: 'echo "# mine" >>/etc/opt/novell/messenger/strtup.aa',
  },
  'a startup file is gone': {
    of: [`checksum ${startup}.ma`],
    node: 'node2',
    does: 'rm /etc/opt/novell/messenger/strtup.ma',
  },
  'the package is removed': { of: ['package novell-messenger'], node: 'node2', does: 'rpm -e novell-messenger' },
  'the package is not in the database': {
    of: ['package novell-messenger'],
    node: 'node1',
    does: 'rm -r /var/lib/lab-rpm/novell-messenger',
  },
  'the package has another version': {
    of: ['package novell-messenger'],
    node: 'node2',
    does: 'echo 9.9-9 >/var/lib/lab-rpm/novell-messenger/version',
  },
  'an agent starts with the node': { of: ['boot-start novell-nmma'], node: 'node2', does: 'chkconfig novell-nmma on' },
  'both agents start with the node': {
    of: ['boot-start novell-nmma'],
    node: 'node1',
    does: 'chkconfig novell-nmma on; chkconfig novell-nmaa on',
  },
  'an init script cannot be carried out': {
    of: ['boot-start novell-nmaa'],
    node: 'node2',
    does: 'chmod -x /etc/init.d/novell-nmaa',
  },
  'a queue belongs to root': { of: [`owners ${data}`], node: 'node2', does: `chown root:root ${data}/ma/queue` },
  'a file in the data belongs to root': { of: [`owners ${data}`], node: 'node1', does: `echo left >${data}/ma/left` },
  'the data are gone': { of: [`owners ${data}`, `file ${data}`], node: 'node2', does: `rm -r ${data}` },
  'a log directory belongs to root': {
    of: [`directory-owners ${logs}`],
    node: 'node1',
    does: `chown root:root ${logs}/aa`,
  },
  'a log file belongs to root': {
    of: [`directory-owners ${logs}`],
    node: 'node1',
    does: `echo left >${logs}/aa/left.log`,
    // Logs were moved there before, and no receipt tells of them.
    hides: [`contents ${at}/aa/log`],
  },
  'the logs are gone': { of: [`directory-owners ${logs}`, `file ${logs}`], node: 'node2', does: `rm -r ${logs}` },
  "the agents' user is not known": {
    of: ['user nvlmsgr', 'output id -u nvlmsgr'],
    node: 'node2',
    does: "sed -i '/^nvlmsgr:/d' /etc/passwd",
    isUndecided: true,
  },
  "the agents' user has another uid": {
    of: ['user nvlmsgr', 'output id -u nvlmsgr'],
    node: 'node2',
    does: "sed -i 's/^nvlmsgr:x:6001:/nvlmsgr:x:7001:/' /etc/passwd",
  },
  'the agents take long to stop': {
    of: ['receipt install/agents-test'],
    node: 'node2',
    does: 'echo agent_stop=9 >>/etc/lab/delays',
  },
  'a stop was measured that took long': {
    of: ['receipt install/agents-test'],
    node: 'node1',
    does: `sed -i 's/"stop_ms":[0-9.]*/"stop_ms":9000/' ${receipts}/install.agents-test.json`,
  },
  'an agent runs': { of: ['process nmma'], node: 'node1', does: leftRunning('nmma') },
  'an agent runs on the second node': { of: ['process nmaa'], node: 'node2', does: leftRunning('nmaa') },
  'the partition is mounted on the first node': {
    of: ['hold partition', 'storage /dev/messenger/data', `mount ${at}`],
    node: 'node1',
    does: `mkdir -p ${at} && mount /dev/messenger/data ${at}`,
  },
  'the partition is mounted on the second node': {
    of: ['hold partition', 'storage /dev/messenger/data', `mount ${at}`],
    node: 'node2',
    does: `mkdir -p ${at} && mount /dev/messenger/data ${at}`,
  },
  'the partition is mounted at another place': {
    of: ['hold partition'],
    node: 'node2',
    does: 'mkdir -p /srv/m && mount /dev/messenger/data /srv/m',
  },
  'something else is mounted at the mount point': {
    of: ['hold partition'],
    node: 'node1',
    does: `mkdir -p ${at} && mount -t tmpfs none ${at}`,
  },
  'the partition is made anew': {
    of: ['file-system /dev/messenger/data', 'hold partition'],
    node: 'node1',
    does: 'mke2fs -q -F -t ext4 /dev/messenger/data',
    // The directory still has the system that was on it, and the program refuses to create a second one.
    hides: ['program install/installer@node1'],
  },
  'the device is gone on a node': {
    of: ['hold partition', 'output test -e /dev/messenger/data'],
    node: 'node2',
    does: 'rm /dev/messenger/data',
  },
  'the cluster resource is offline': {
    of: ['hold partition', 'cluster-resource MESSENGER'],
    node: 'node1',
    does: clusterSays('Offline'),
  },
  'the cluster resource runs': {
    of: ['hold partition', 'cluster-resource MESSENGER'],
    node: 'node1',
    does: clusterSays('Running'),
  },
  "the installer's receipt is gone": {
    of: ['receipt install/installer'],
    node: 'node1',
    does: `rm ${receipts}/install.installer.json`,
    hides: [`file ${system}`],
  },
  "the test's receipt is gone": {
    of: ['receipt install/agents-test'],
    node: 'node2',
    does: `rm ${receipts}/install.agents-test.json`,
  },
  'all receipts of a node are gone': {
    of: ['hold partition'],
    node: 'node1',
    does: `rm -r ${receipts}`,
    hides: [`file ${system}`, ...directories],
  },
  "a directory's receipt is gone": {
    of: [`file ${at}/aa/store`],
    node: 'node1',
    does: `rm ${receipts}/paths.archive-store.json`,
    hides: [`file ${at}/aa/store`],
  },
  'a receipt is broken': {
    of: ['receipt install/installer'],
    node: 'node2',
    does: `echo '{' >${receipts}/install.installer.json`,
  },
  'a receipt is of another run': {
    of: ['receipt install/agents-test'],
    node: 'node2',
    does: `sed -i 's/"run":"[^"]*"/"run":"2001-01-01-0000"/; s/"at":"[^"]*"/"at":"2001-01-01T00:00:00.000Z"/' ${receipts}/*.json`,
  },
  'a receipt is of another node': {
    of: ['receipt install/agents-test'],
    node: 'node2',
    does: `sed -i 's/"host":"node2"/"host":"node9"/' ${receipts}/install.agents-test.json`,
  },
  'a receipt has other settings': {
    of: ['receipt install/agents-test'],
    node: 'node1',
    does: `sed -i 's/"settings":"[^"]*"/"settings":"0"/' ${receipts}/install.agents-test.json`,
  },
  'a directory on the partition is gone': {
    of: [`file ${at}/ma/queue`],
    node: 'node2',
    does: onPartition('rmdir ma/queue'),
    hides: [`file ${at}/ma/queue`],
  },
  'a directory on the partition belongs to another': {
    of: [`file ${at}/aa/log`],
    node: 'node1',
    does: onPartition('chown root:root aa/log'),
    hides: [`file ${at}/aa/log`],
  },
  'the system on the partition is gone': {
    of: [`file ${system}`],
    node: 'node1',
    does: onPartition('rm -r novell'),
    hides: [`file ${system}`],
  },
  'the installation program is not there': {
    of: [`file ${media}`, `output test -x ${media}`],
    node: 'node2',
    does: 'chmod -x /media/messenger/install',
  },
  'a path in the directory is the default again': {
    of: [queueHolders, `attribute nnmAgentQueueDir of ${messagingAgent}`],
    node: 'node1',
    does: setQueue(`${data}/ma/queue`),
  },
  'a path in the directory is another': {
    of: [queueHolders, `attribute nnmAgentQueueDir of ${messagingAgent}`],
    node: 'node2',
    does: setQueue('/srv/queue'),
  },
  'a path in the directory is there twice': {
    of: [queueHolders],
    node: 'node1',
    does: inDirectory(`await directory.replace("${archiveAgent}", "nnmAgentLogDir", ["${at}/ma/queue"])`),
    // An agent that is tested after that makes the directory that it finds named there, and writes into it.
    hides: [`file ${at}/ma/queue`, `contents ${at}/ma/queue`],
  },
  'the agents are gone from the directory': {
    of: [queueHolders],
    node: 'node1',
    does: deleteAll(messagingAgent, `cn=FileModule,${archiveAgent}`, archiveAgent),
  },
  'all of the system is gone from the directory': {
    of: [`entry ${service}`],
    node: 'node1',
    does: deleteAll(messagingAgent, `cn=FileModule,${archiveAgent}`, archiveAgent, server, service),
  },
  'a startup file has a switch for the queue': {
    of: [`startup-switches /etc/opt/novell/messenger/strtup.ma`],
    node: 'node2',
    does: 'printf -- "--queue /srv/queue\n" >>/etc/opt/novell/messenger/strtup.ma',
  },
  'data was left in an old directory': {
    of: [`contents ${data}/ma/queue`],
    node: 'node1',
    does: `echo left >${data}/ma/queue/left && chown nvlmsgr:msgrgroup ${data}/ma/queue/left`,
    // What lies in the new one no receipt tells, once the old one is empty.
    hides: [`contents ${at}/ma/queue`],
  },
  'something is mounted in an old directory': {
    of: [`mounts-below ${data}/ma/queue`],
    node: 'node1',
    does: `mkdir -p ${data}/ma/queue/volume && mount -t tmpfs none ${data}/ma/queue/volume`,
  },
  'the load script is another': {
    of: ['cluster-scripts MESSENGER of msgr1'],
    node: 'node1',
    does: setResource('nCSCRMLoadScript', '#!/bin/bash\nexit 0\n'),
  },
  'a timeout cannot be read': {
    of: ['cluster-scripts MESSENGER of msgr1'],
    node: 'node2',
    does: setResource('nCSCRMUnloadTimeout', 'ten minutes'),
  },
  'the failback mode is another': {
    of: ['cluster-policies MESSENGER of msgr1'],
    node: 'node1',
    does: setResource('nCSCRMFailbackMode', '1'),
  },
  'the cluster prefers the second node': {
    of: ['cluster-policies MESSENGER of msgr1'],
    node: 'node2',
    does: setResource('nCSCRMPreferredNodes', 'node2', 'node1'),
  },
  'the cluster has one preferred node': {
    of: ['cluster-policies MESSENGER of msgr1'],
    node: 'node1',
    does: setResource('nCSCRMPreferredNodes', 'node1'),
  },
  'a node is gone from the cluster': {
    of: ['cluster-nodes msgr1'],
    node: 'node1',
    does: inCluster(`await directory.delete("cn=node2,${clusterObject}")`),
  },
  'the secondary address is in use': {
    of: ['answering 10.88.1.100', 'addresses all'],
    node: 'node2',
    does: 'ip addr add 10.88.1.100/24 dev eth0',
  },
  'the first node is no member of the cluster': {
    of: ['cluster-view members'],
    node: 'node1',
    does: `mv /usr/local/sbin/cluster /usr/local/sbin/cluster-before && printf '#!/bin/sh\\n[ "$1" = view ] && echo "Cluster nodes [node2]" && exit\\nexec cluster-before "$@"\\n' >/usr/local/sbin/cluster && chmod 755 /usr/local/sbin/cluster`,
  },
  'a copy of the load script is older': {
    of: ['text /var/opt/novell/ncs/MESSENGER.load'],
    node: 'node2',
    does: 'mkdir -p /var/opt/novell/ncs && echo old | tee /var/opt/novell/ncs/MESSENGER.load >/var/opt/novell/ncs/MESSENGER.unload',
  },
} as const satisfies Readonly<Record<string, Touch>>

export type TouchName = keyof typeof touches
