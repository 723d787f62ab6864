// Keeps a service from starting with the node, or has it start.
import { bootStart, change, due, notKnownYet, Problem, same, serviceName, task, z } from '#task'
import { assertInstalled, isUnit, setBootStart } from './lib/services.ts'

export default task({
  name: 'boot-start',
  summary: 'Have a service start with the node, or not',
  example: `
- name: Not at boot
  boot-start: { service: novell-nmma, state: "off" }
`,
  args: z.strictObject({ service: serviceName, state: z.enum(['on', 'off']) }),

  async check({ world, args: { service, state } }) {
    const seen = await world.lookIfKnown(bootStart(service))
    if (!seen.known) return due(seen.because, change(bootStart(service), notKnownYet, { state }))
    if (seen.value.state === state) return same(`${service} is ${state} at boot`)
    if (seen.value.state === 'absent') throw noSuchService(service)
    assertInstalled(service, seen.value.state)
    return due('', change(bootStart(service), seen.value, { state }))
  },

  async apply({ $, args: { service, state } }) {
    await setBootStart($, service, state)
  },

  async undo({ $, args: { service }, changes: [{ before }] }) {
    if (!('state' in before)) return
    if (before.state === 'on' || before.state === 'off') await setBootStart($, service, before.state)
  },
})

const noSuchService = (service: string): Problem =>
  new Problem({
    code: 'service-unknown',
    ...(isUnit(service)
      ? {
          summary: `systemd knows no unit ${service}`,
          seen: `\`systemctl is-enabled ${service}\` prints neither "enabled" nor "disabled"`,
          wanted: 'a unit that is there',
          help: 'see what is there: `systemctl list-unit-files`',
        }
      : {
          summary: `chkconfig knows no service ${service}`,
          seen: `\`chkconfig ${service}\` prints neither "on" nor "off"`,
          wanted: 'a service with an init script',
          help: 'see what is there: `chkconfig --list`, `ls /etc/init.d`',
        }),
  })
