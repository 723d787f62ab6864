// Classes and attributes of a tree with a cluster and with Messenger, as OpenLDAP's server takes them.
//
// Those of the cluster have their real names, and so have the classes' prefix of Messenger; how their values are really
// typed is not known.

/** @source OES: objects of Cluster Services, as far as they are known. */
const ofCluster = [
  ...['LoadScript', 'UnloadScript', 'LoadTimeout', 'UnloadTimeout', 'PreferredNodes', 'FailoverMode', 'FailbackMode'],
  ...['IgnoreQuorum', 'ResourcePriority'],
].map(name => `nCSCRM${name}`)

/** Words of the stand-in of Cluster Services. */
const ofMonitoring = ['Script', 'Interval', 'Timeout', 'Failures', 'Period', 'Action'].map(name => `nCSMonitor${name}`)

const clusterClasses = ['nCSNetWareCluster', 'nCSNCPServer', 'nCSClusterResource', 'nCSVolumeResource']

/** What the stand-in of the installation program writes. */
const messenger: Readonly<Record<string, readonly string[]>> = {
  nnmMessengerService: ['nnmUserContext'],
  nnmMessengerServer: ['nnmHostAddress'],
  nnmMessagingAgent: ['nnmAgentQueueDir', 'nnmAgentLogDir', 'nnmPort'],
  nnmArchiveAgent: ['nnmAgentQueueDir', 'nnmAgentLogDir', 'nnmPort'],
  nnmFileModule: ['nnmFileStoreDir'],
}

const text = 'EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15'

const attribute = (branch: string) => (name: string, at: number) =>
  `attributetype ( ${branch}.${at + 1} NAME '${name}' ${text} )`

const objectClass = (branch: string) => (name: string, at: number, may: readonly string[]) =>
  `objectclass ( ${branch}.${at + 1} NAME '${name}' SUP top STRUCTURAL MUST cn MAY ( ${may.join(' $ ')} ) )`

/** Numbers below the branch that is there for examples. @source RFC 5612 */
const example = '1.3.6.1.4.1.32473'

export const clusterSchema = (): string => {
  const attributes = [...ofCluster, 'nCSRevision', 'nCSNodeNumber', 'nCSQuorumTrigger', ...ofMonitoring]
  const named = objectClass(`${example}.2`)
  return [
    ...attributes.map(attribute(`${example}.1`)),
    ...clusterClasses.map((name, at) => named(name, at, attributes)),
    '',
  ].join('\n')
}

export const messengerSchema = (): string => {
  const attributes = [...new Set(Object.values(messenger).flat())]
  const named = objectClass(`${example}.4`)
  return [
    ...[...attributes, 'directoryTreeName'].map(attribute(`${example}.3`)),
    ...Object.entries(messenger).map(([name, may], at) => named(name, at, may)),
    '',
  ].join('\n')
}
