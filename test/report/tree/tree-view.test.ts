import { Listr } from 'listr2'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EventBody, RunEvent } from '../../../src/model/events.ts'
import { TreeRenderer, type TreeView, treeView } from '../../../src/report/index.ts'
import { widthOf } from '../../../src/report/printable.ts'
import { ended, failedRun, firstMs, goodRun, stamped, started } from '../story.ts'
import { openTerminal, type Terminal } from './terminal.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: firstMs })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Shows the events one second apart. */
const play = (events: readonly RunEvent[], terminal: Terminal): TreeView => {
  const view = treeView({ stream: terminal, colour: false })
  view.open()
  for (const event of events) {
    view.show(event)
    vi.advanceTimersByTime(1000)
  }
  return view
}

const upTo = (events: readonly RunEvent[], count: number) => events.slice(0, count)

describe('the tree', () => {
  it('shows each node of the failover list in order, and the steps of the one that is at work', () => {
    const terminal = openTerminal()
    play(upTo(goodRun(), 13), terminal)
    expect(terminal.lines().map(line => line.replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/gu, '*'))).toEqual([
      'install  cluster msgr1  order node1 → node2 → node3  inventory/lab.yml (lab)',
      '  Messenger on every node',
      '    1 * node1  holds partition  1 of 3 steps',
      '        ✔ install/mount      + mount /mnt/messenger',
      '        * install/installer  2s',
      '        · install/uid-conf',
      '    2 · node2  after node1',
      '    3 · node3  after node2',
      '12s  8 steps to come · 1 changed',
      '',
    ])
  })

  it('shows the last line that a running step told', () => {
    const terminal = openTerminal()
    play(upTo(goodRun(), 14), terminal)
    expect(terminal.lines()[4]).toMatch(/install\/installer {2}\ds {2}prompt 1 of 11$/)
  })

  it('leaves the whole tree and the summary on the screen, and gives the cursor back', () => {
    const terminal = openTerminal(80, 10)
    play(failedRun(), terminal)
    expect(terminal.isCursorVisible).toBe(true)
    const text = terminal.lines().join('\n')
    // What nobody came to is counted, and not listed.
    expect(text).toContain(
      '         the dialogue does not know\n        · 1 step not reached\n    3 · node3  3 not reached\n\n',
    )
    expect(text).toContain('error[prompt-unknown] The installer on node2')
    expect(text).toContain('still held  partition on node2')
  })

  it('moves nothing any more once the run has ended, also where a step was left out', () => {
    const terminal = openTerminal()
    const over = goodRun().at(-1) as EventBody
    play(stamped([started(), ended('node1', 'install/mount'), ended('node1', 'install/uid-conf'), over]), terminal)
    expect(terminal.lines()[2]).toBe('    1 · node1  2 same · 1 not reached')
    expect(terminal.lines().join('\n')).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/u)
  })

  it('tells whole what Ctrl-C does next, however narrow the screen is', () => {
    const terminal = openTerminal(40, 24)
    const interrupted: EventBody = { type: 'run-interrupted', signal: 'SIGINT' }
    play([...upTo(goodRun(), 9), ...stamped([interrupted])], terminal)
    expect(terminal.lines().join(' ')).toContain('stopping after the step at hand; Ctrl-C   again stops at once')
  })

  it('leaves the terminal in order when it is closed in mid-run, and paints nothing after', () => {
    const terminal = openTerminal()
    const view = play(upTo(goodRun(), 8), terminal)
    expect(terminal.isCursorVisible).toBe(false)
    view.close()
    const { bytes } = terminal
    view.close()
    vi.advanceTimersByTime(1000)
    expect(terminal.isCursorVisible).toBe(true)
    expect(terminal.bytes).toBe(bytes)
  })

  it('makes way for a question, and comes back below it', () => {
    const terminal = openTerminal()
    const view = play(upTo(goodRun(), 8), terminal)
    view.suspend()
    expect([terminal.lines().join(''), terminal.isCursorVisible]).toEqual(['', true])
    terminal.write('Go on? y\n')
    view.resume()
    vi.advanceTimersByTime(100)
    expect(terminal.lines().slice(0, 2)).toEqual(['Go on? y', expect.stringMatching(/^install {2}cluster/)])
  })

  it('sends no colour when it was told not to', () => {
    const terminal = openTerminal()
    play(failedRun(), terminal)
    expect(terminal.bytes).not.toMatch(/\u001b\[[\d;]*m/)
  })

  it('makes the same bytes of the same events', () => {
    const [one, other] = [openTerminal(), openTerminal()]
    play(goodRun(), one)
    vi.setSystemTime(firstMs)
    play(goodRun(), other)
    expect(other.bytes).toBe(one.bytes)
  })

  it('obeys nothing that a node sends', () => {
    const terminal = openTerminal()
    const evil = ended('node1', 'install/mount', { because: 'a\u001b[2Jb\u0007c\nd \u009b31m' })
    play(stamped([started(), evil]), terminal).close()
    expect(terminal.lines().join('\n')).toContain('ab�c d')
  })
})

describe('a small screen', () => {
  const names = Array.from({ length: 30 }, (_, n) => `big/step-${n + 1}`)
  const big = (count: number): readonly RunEvent[] => {
    const order = Array.from({ length: count }, (_, n) => `node${n + 1}`)
    const steps = order.flatMap(host => names.map(step => ({ step, name: step, task: 't', host, play: 0, within: [] })))
    const of = (step: string): readonly EventBody[] => [
      ...order.map((host): EventBody => ({ type: 'step-started', step, host })),
      ...order.map((host): EventBody => ({ type: 'step-progressed', step, host, text: '日本語 日本語 日本語' })),
      ...order.map(host => ended(host, step, { outcome: 'changed' })),
    ]
    const plays = [{ name: 'Everywhere', strategy: 'linear' as const, hosts: order }]
    return stamped([started({ order, plays, steps }), ...names.flatMap(of)])
  }

  const sizes = [200, 80, 40, 12].flatMap(columns => [24, 12, 5, 2].map(rows => [columns, rows] as const))

  it.each(sizes)('of %i columns and %i rows is never overrun', (columns, rows) => {
    const terminal = openTerminal(columns, rows)
    const view = treeView({ stream: terminal, colour: false })
    view.open()
    for (const event of upTo(big(4), 60)) {
      view.show(event)
      vi.advanceTimersByTime(90)
      const lines = terminal.lines()
      expect(lines.length).toBeGreaterThan(1)
      expect(lines.length).toBeLessThanOrEqual(rows)
      for (const line of lines) expect(widthOf(line)).toBeLessThan(columns)
    }
    view.close()
  })

  it('that is narrow has no columns of blanks, so that more can be seen', () => {
    const terminal = openTerminal(40, 24)
    play(upTo(goodRun(), 13), terminal)
    expect(terminal.lines()[3]).toBe('     ✔ install/mount  + mount /mnt/mes…')
  })

  it('gets what stays without being cut: a word that is wider goes on in the next line', () => {
    const terminal = openTerminal(20, 24)
    const view = play(upTo(goodRun(), 8), terminal)
    const { bytes } = terminal
    expect(bytes).toContain('\u001b[?7l')
    view.close()
    expect(terminal.bytes.slice(bytes.length)).not.toContain('\u001b[?7l')
  })

  it('folds the nodes that have ended when not all steps fit', () => {
    const terminal = openTerminal(80, 10)
    play(upTo(goodRun(), 22), terminal)
    expect(terminal.lines()[2]).toBe('    1 ✔ node1  3 changed 41s')
    expect(terminal.lines()[3]).toMatch(/^ {4}2 . node2/)
  })

  it('counts the nodes when there are more than lines', () => {
    const terminal = openTerminal(80, 8)
    play(upTo(big(100), 1), terminal)
    expect(terminal.lines()[1]).toBe('  Everywhere  100 hosts to come')
  })

  it('that becomes smaller or larger is painted anew, without leftovers', () => {
    const terminal = openTerminal(80, 24)
    play(upTo(goodRun(), 8), terminal)
    terminal.resize(100, 12)
    expect(terminal.lines().filter(line => line.startsWith('install  cluster'))).toHaveLength(1)
  })

  it('costs little: 10 nodes with 30 steps', () => {
    vi.useRealTimers()
    const events = big(10)
    const view = treeView({ stream: openTerminal(), colour: true })
    const before = process.cpuUsage()
    view.open()
    for (const event of events) view.show(event)
    view.close()
    const { user, system } = process.cpuUsage(before)
    // About 0.05 s on an idle machine; listr2's own renderer takes 13 s and more.
    expect((user + system) / 1e6).toBeLessThan(0.5)
  })
})

describe('listr2', () => {
  it('takes the renderer, opens the view with it, and draws nothing by itself', async () => {
    const calls: string[] = []
    const view = { open: () => calls.push('open'), show() {}, close: () => calls.push('close') }
    const tasks = new Listr([{ title: 'a', task: () => void calls.push('a') }], {
      renderer: TreeRenderer,
      rendererOptions: { view },
      registerSignalListeners: false,
    })
    await tasks.run()
    expect(calls).toEqual(['open', 'a'])
  })
})
