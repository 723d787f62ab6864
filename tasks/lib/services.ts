// What is started and stopped: an init script, or a unit where the name ends with `.service`, as Messenger 18 has it.
import type { HostDollar } from '#task'

export type ServiceAction = 'start' | 'stop' | 'status'

export const isUnit = (service: string): boolean => service.endsWith('.service')

export const serviceCommand = (service: string, action: ServiceAction): readonly string[] =>
  isUnit(service) ? ['systemctl', action, service] : [`/etc/init.d/${service}`, action]

/** Has nothing to read on its standard input, since a script may ask. */
export const tellService = ($: HostDollar, service: string, action: ServiceAction) =>
  $`${serviceCommand(service, action)} </dev/null`

/** Where a package or an administrator puts what defines it; the one of the administrator counts. */
export const definitionsOf = (service: string): readonly string[] =>
  isUnit(service)
    ? [`/etc/systemd/system/${service}`, `/usr/lib/systemd/system/${service}`]
    : [`/etc/init.d/${service}`]
