// Installation programs that the shipped dialogue has never seen: each run stops cleanly; one session by hand, at a real
// terminal, makes a dialogue that installs the other nodes.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { type FaultySite, failureOf, holdsOf, openFaultySite, outcomesOf } from '../faults/faulty-site.ts'
import { eventsOf } from './changes.ts'
import { mountedOn, runningOn } from './machines.ts'
import { canary } from './site.ts'
import { hasTmux, type Seat, sitAt } from './tmux.ts'

let site: FaultySite
beforeAll(async () => {
  site = await openFaultySite({ nodes: 3 })
})

/** An inventory whose installation program is a stranger. */
const inventoryWith = (stranger: string, dialogue: string): string => {
  const file = `${stranger}.yml`
  const inventory = parse(readFileSync(`${site.dir}/inventory.yml`, 'utf8'))
  Object.assign(inventory.all.vars.installer, { command: `/media/strange/${stranger}/install`, dialogue })
  writeFileSync(`${site.dir}/${file}`, stringify(inventory))
  return file
}

describe('the shipped dialogue', () => {
  it.each([
    ['deutsch', 'Lizenzbedingungen zu [j/N]?'],
    ['pages', '--More--(30%)'],
    ['wizard', 'Enter choice:'],
  ])('stops at %s, types nothing, and gives the partition back', async (stranger, prompt) => {
    const inventory = inventoryWith(stranger, 'messenger-2.2')
    const ran = await site.run('playbook', 'install', '-i', inventory, '--limit', 'node1', '--to', 'installer')
    expect([ran.status, outcomesOf(ran)['install/installer@node1']], ran.stderr).toEqual([1, 'failed'])
    expect(failureOf(ran)).toMatchObject({ code: 'prompt-unknown', seen: expect.stringContaining(prompt) })
    expect(eventsOf(ran.events, 'prompt-answered')).toEqual([])
    expect(holdsOf(ran).at(-1)).toBe('hold-released node1')
    expect([...mountedOn(site.lab), ...runningOn(site.lab, 'install')]).toEqual([])
  })
})

describe.skipIf(!hasTmux)('a session by hand, at a real terminal', () => {
  const file = 'dialogues/site.yml'
  let inventory = ''
  let seat: Seat
  beforeAll(() => {
    inventory = inventoryWith('deutsch', 'site')
  })
  afterEach(() => seat.leave())

  const record = (node: string): Seat => {
    seat = sitAt(site, ['record', 'install/installer', '--host', node, '-i', inventory, '-o', file])
    return seat
  }

  const answer = async (answers: readonly (readonly [prompt: string, line: string])[]) => {
    for (const [prompt, line] of answers) {
      await seat.sees(prompt)
      seat.types(line)
    }
  }

  /** Files and journals of the site, and the screen itself. */
  const expectNoSecret = () => {
    const written = [file, `${file}.unfinished`].filter(name => existsSync(`${site.dir}/${name}`))
    const texts = written.map(name => readFileSync(`${site.dir}/${name}`, 'utf8'))
    for (const text of [...texts, seat.screen()]) expect(text).not.toContain(canary.core)
  }

  const toTheCluster = [
    ['Lizenzbedingungen zu [j/N]?', 'j'],
    ['in einem Cluster [j/N]?', 'j'],
  ] as const

  const toTheTree = [
    ['gemeinsamen Datenträgers:', '/mnt/messenger'],
    ['Ihre Wahl:', '2'],
    ['Rechner des Verzeichnisdienstes:', '10.88.1.254'],
    ['Port des Verzeichnisdienstes [389]:', ''],
  ] as const

  const fromTheTree = [
    ['Baum:', 'ACME_TREE'],
    ['Kontext für das Serverobjekt:', 'ou=messenger,o=acme'],
    ['Anmeldung am Verzeichnis als [cn=admin]:', 'cn=admin,o=acme'],
    ['Kennwort für cn=admin,o=acme:', canary.whole],
    ['Kennwort (Wiederholung):', canary.whole],
    ['Kontexte der Benutzer:', 'ou=users,o=acme'],
    ['Ihre Wahl [1]:', '2'],
    ['die Clients den Server finden:', '10.88.1.100'],
    ['Port des Messaging-Agenten [8300]:', ''],
    ['Port des Archiv-Agenten [8310]:', ''],
    ['Agenten jetzt starten [j/N]?', 'n'],
  ] as const

  it('goes on over a new connection; with its workstation gone it is taken up, and its file says that it is not whole', async () => {
    record('node1')
    await answer(toTheCluster)
    await seat.sees('gemeinsamen Datenträgers:')
    await site.fault('node1', { kind: 'drop' })
    await answer(toTheTree)
    await seat.sees('Baum:')
    seat.lose()
    expect(await seat.ended()).toBe(137)
    seat.leave()
    record('node1')
    await answer(fromTheTree)
    // The program has ended well, and what somebody else had answered before is not in the file.
    expect(await seat.ended(), seat.screen()).toBe(1)
    expect(seat.screen()).toContain(`${file}.unfinished holds what was recorded, which is not the whole.`)
    expect([existsSync(`${site.dir}/${file}`), existsSync(`${site.dir}/${file}.unfinished`)]).toEqual([false, true])
    expectNoSecret()
  })

  it('of a node that joins makes a dialogue, by which the next node is installed', async () => {
    renameSync(`${site.dir}/${file}.unfinished`, `${site.dir}/${file}`)
    const first = await site.run('playbook', 'install', '-i', inventory, '--limit', 'node1')
    expect(first.status, first.stderr).toBe(0)
    record('node2')
    await answer([
      ...toTheCluster,
      ['gemeinsamen Datenträgers:', '/mnt/messenger'],
      ['Ihre Wahl:', '1'],
      ['Einstellungen übernehmen [j/N]?', 'j'],
      ['Agenten jetzt starten [j/N]?', 'n'],
    ])
    expect(await seat.ended(), seat.screen()).toBe(0)
    expectNoSecret()
    const rest = await site.run('playbook', 'install', '-i', inventory)
    expect(rest.status, rest.stderr).toBe(0)
    expect(outcomesOf(rest)).toMatchObject({ 'install/installer@node2': 'same', 'install/installer@node3': 'changed' })
    expect(mountedOn(site.lab)).toEqual([])
  })
})
