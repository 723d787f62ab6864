// How the scripts of a resource come to a node, and how they are carried out there.
import type { Monitoring, Scripts } from './resource.ts'

/**
 * Carries a command out on a node, as root.
 *
 * @returns Its exit status; nothing where the node died before the end.
 */
export type RunOn = (node: string, argv: readonly string[], input?: string) => Promise<number | undefined>

type Kind = 'load' | 'unload'

type Named = { readonly name: string; readonly scripts: Scripts; readonly monitoring?: Monitoring | undefined }

/** @source OES: nodes cache the scripts of a resource below /var/opt/novell/ncs. */
const cache = `umask 077 && mkdir -p /var/opt/novell/ncs && cat >"/var/opt/novell/ncs/$1.new" &&
mv "/var/opt/novell/ncs/$1.new" "/var/opt/novell/ncs/$1"`

/**
 * Of what a script prints the last time is kept, with each command before it is carried out.
 *
 * One that runs over its time is ended with TERM, and two seconds later with KILL.
 */
const carryOut = `mkdir -p /var/opt/novell/log/ncs && cd / &&
exec setsid timeout -k 2 "$2" bash -x "/var/opt/novell/ncs/$1" >"/var/opt/novell/log/ncs/$1.out" 2>&1 </dev/null`

const kinds: readonly Kind[] = ['load', 'unload']

export const cacheScripts = async (runOn: RunOn, node: string, { name, scripts, monitoring }: Named): Promise<void> => {
  const put = (kind: string, text: string) => runOn(node, ['sh', '-c', cache, 'sh', `${name}.${kind}`], text)
  for (const kind of kinds) await put(kind, scripts[kind])
  if (monitoring) await put('monitor', monitoring.script)
}

/** Whether it went well, within its time; nothing where the node died. */
export const runScript = async (
  runOn: RunOn,
  node: string,
  { name, scripts, kind }: Named & { kind: Kind },
): Promise<boolean | undefined> => {
  const seconds = kind === 'load' ? scripts.loadSeconds : scripts.unloadSeconds
  const status = await runOn(node, ['sh', '-c', carryOut, 'sh', `${name}.${kind}`, `${seconds}`])
  return status === undefined ? undefined : status === 0
}

/** What it prints is put behind what it printed before. @source OES 11, 10.7: /var/opt/novell/log/ncs */
const carryOutAgain = carryOut.replace('>"/var', '>>"/var')

/** Whether all is well there; nothing where the node died. */
export const runMonitor = async (
  runOn: RunOn,
  node: string,
  { name, monitoring }: { readonly name: string; readonly monitoring: Monitoring },
): Promise<boolean | undefined> => {
  const argv = ['sh', '-c', carryOutAgain, 'sh', `${name}.monitor`, `${monitoring.timeoutSeconds}`]
  const status = await runOn(node, argv)
  return status === undefined ? undefined : status === 0
}
