// The screen at a real terminal: narrow and wide, made another size in between, without colour, and for somebody who hears it.
import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasTmux, type Seat, type SeatOptions, sitAt } from '../lab/e2e/tmux.ts'
import { unreachableSite } from './unreachable-site.ts'

/** A node that takes a connection and says nothing: the run waits for as long as the test wants. */
let server: Server
const open = new Set<Socket>()
let isGone = false
beforeAll(async () => {
  server = createServer(socket => {
    if (isGone) socket.destroy()
    else open.add(socket.on('error', () => {}))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

const letGo = () => {
  isGone = true
  for (const socket of open) socket.destroy()
  open.clear()
}

/** Wider than a narrow screen, and one word. */
const wide = `play-${'y'.repeat(60)}`

const siteOf = () => {
  isGone = false
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const hosts = `{ ada: { ansible_host: 127.0.0.1, ansible_port: ${port} } }`
  const playbook = `- name: ${wide}\n  hosts: all\n  tasks: [{ name: Nothing, command: "true" }]\n`
  return unreachableSite({ 'inventory.yml': `all: { hosts: ${hosts} }\n`, 'one.yml': playbook })
}

const sit = (options: Omit<SeatOptions, 'dir'> = {}, ...flags: readonly string[]): Seat =>
  sitAt({ dir: siteOf().dir, ...options }, ['playbook', 'one.yml', '--yes', ...flags])

/** As it stands at the end, the command of the test's own left out. */
const ended = async (seat: Seat): Promise<string> => {
  await seat.ended()
  const screen = seat.screen()
  seat.leave()
  return screen
}

const during = 'to come'

describe.skipIf(!hasTmux)('a terminal', () => {
  it.each([40, 200])('of %i columns shows the tree, and at the end all of it', async columns => {
    const seat = sit({ columns, rows: 24 })
    await seat.sees(during)
    for (const line of seat.screen().split('\n')) expect(line.length).toBeLessThan(columns)
    letGo()
    const screen = await ended(seat)
    expect(screen.match(/cluster/g)).toHaveLength(1)
    expect(screen.replaceAll(/\s+/g, ' ')).toContain('error[host-unreachable]')
    expect(screen).toContain('ended with 6')
    expect(screen).toContain(wide)
  })

  it.each([
    [110, 40],
    [40, 110],
  ])('that goes from %i columns to %i is painted anew, without leftovers', async (from, to) => {
    const seat = sit({ columns: from, rows: 24 })
    await seat.sees(during)
    seat.resize(to, 24)
    await seat.sees(during)
    letGo()
    await seat.ended()
    // Of a line that the terminal itself breaks in two, it moves the first half out of reach.
    const screen = seat.window()
    seat.leave()
    expect(screen.match(/one {2}cluster/g)).toHaveLength(1)
    expect(screen).not.toContain(during)
  })

  it('under NO_COLOR gets no colour', async () => {
    const [plain, coloured] = [sit({ env: ['NO_COLOR=1', 'TERM=screen'] }), sit({ env: ['TERM=screen'] })]
    for (const seat of [plain, coloured]) await seat.sees(during)
    const [without, with_] = [plain, coloured].map(seat => seat.colours())
    letGo()
    await Promise.all([ended(plain), ended(coloured)])
    expect([without, with_]).toEqual([false, true])
  })

  it.each([
    ['the console of Linux', 'TERM=linux'],
    ['one without UTF-8', 'LC_ALL=de_DE.ISO-8859-1'],
  ])('that has few signs gets those of ASCII: %s', async (_, env) => {
    const seat = sit({ env: [env], columns: 40, rows: 24 })
    await seat.sees(during)
    const screens = [seat.screen()]
    letGo()
    screens.push(await ended(seat))
    expect(screens.join('')).not.toMatch(/[^\x20-\x7e\n]/)
    expect(screens.join('')).toContain('x ada  not reached')
  })

  it.each<[string, readonly string[], readonly string[]]>([
    ['the variable', ['RUN_SCREEN_READER=1'], []],
    ['the flag', [], ['--screen-reader']],
  ])('that is heard shows plain lines, and paints none anew: %s', async (_, env, flags) => {
    const seat = sit({ env }, ...flags)
    await seat.sees('order ada')
    expect(seat.screen()).toContain('run, one: run. cluster')
    letGo()
    const screen = await ended(seat)
    expect(screen).toContain('ada: unreachable. ')
    expect(screen).not.toMatch(/[^\x20-\x7e\n]/)
  })
})
