// What is started and stopped: an init script, or a unit where the name ends with `.service`, as Messenger 18 has it.
import { type HostDollar, Problem } from '#task'

export type ServiceAction = 'start' | 'stop' | 'status' | 'restart' | 'reload'

export const isUnit = (service: string): boolean => service.endsWith('.service')

export const serviceCommand = (service: string, action: ServiceAction): readonly string[] =>
  isUnit(service) ? ['systemctl', action, service] : [`/etc/init.d/${service}`, action]

/** Has nothing to read on its standard input, since a script may ask. */
export const tellService = ($: HostDollar, service: string, action: ServiceAction) =>
  $`${serviceCommand(service, action)} </dev/null`

/** Where a package or an administrator puts what defines it; the one of the administrator counts. */
export const definitionsOf = (service: string, unitDirectory: string): readonly string[] =>
  isUnit(service)
    ? [...new Set(['/etc/systemd/system', unitDirectory])].map(directory => `${directory}/${service}`)
    : [`/etc/init.d/${service}`]

export const setBootStart = async ($: HostDollar, service: string, state: 'on' | 'off'): Promise<void> => {
  if (isUnit(service)) await $`systemctl ${state === 'on' ? 'enable' : 'disable'} ${service}`
  else await $`chkconfig ${service} ${state}`
}

/** @throws {Problem} `unit-not-installed` where nobody can say of it that it starts with the node, or does not. */
export const assertInstalled = (service: string, state: string): void => {
  if (state !== 'generated' && state !== 'transient') return
  throw new Problem({
    code: 'unit-not-installed',
    summary: `${service} has no file of its own that could be enabled or disabled`,
    seen: `\`systemctl is-enabled ${service}\` prints "${state}"`,
    wanted: 'a unit that was installed',
    help:
      state === 'generated'
        ? 'it is made from something else, such as an init script: name that one, without `.service`'
        : 'it is gone once it ends: install a unit for it first',
  })
}

/**
 * What a daemon says later would stand in the answer to a later command, so all of it goes into a file, which is read
 * where it failed. The shell itself makes the file, anew or not at all; whose name is taken gets another one.
 *
 * @throws {Problem} `service-failed`
 */
export const bringService = async (
  $: HostDollar,
  { service, words }: { readonly service: string; readonly words: readonly string[] },
  action: ServiceAction,
): Promise<void> => {
  const command = [...serviceCommand(service, action), ...(isUnit(service) ? [] : words)]
  const { exitCode, stdout } = await $({ nothrow: true })`
umask=$(umask); umask 077; set -C; said=\${TMPDIR:-/tmp}/run-said.$$
{ true >"$said"; } 2>/dev/null || said=$(mktemp) || exit
set +C; umask "$umask"
${command} </dev/null >"$said" 2>&1
ended=$?
[ $ended = 0 ] || cat "$said"
rm -f "$said"
exit $ended`
  if (exitCode === 0) return
  throw new Problem({
    code: 'service-failed',
    summary: `${service} did not ${action}`,
    seen: [`exit status ${exitCode}`, stdout.trim().slice(-600)].filter(Boolean).join('\n'),
    wanted: 'exit status 0',
    help: `look at its log on the node, then try it by hand: \`${serviceCommand(service, action).join(' ')}\``,
  })
}
