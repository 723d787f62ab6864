// From Enter to the first packet: a command is started, and a door takes the time at which somebody knocks.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { figureOf } from '../figures.ts'
import { installed } from '../installed.ts'
import type { Part } from '../part.ts'
import { table, told } from '../table.ts'
import { profileOf } from './profile.ts'

export const start: Part = {
  name: 'start',
  async measure({ root, isQuick, rounds, tell }) {
    const dir = mkdtempSync(join(tmpdir(), 'run-bench-'))
    const server = createServer()
    try {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const [, command = ''] = installed(root, dir)
      const words = layOut(root, dir, (server.address() as { readonly port: number }).port)
      const inCheckout = join(root, 'bin/run.js')
      const untilPacket = (begun: string) => untilKnock([begun, ...words], dir, server)
      const taken: Taken[] = []
      // The first start of a version keeps what later ones begin with.
      for (const begun of [command, inCheckout]) await untilPacket(begun)
      for (let round = 1; round <= (rounds ?? (isQuick ? 3 : 20)); round += 1) {
        const bare = await untilEnd(['-e', '0'], dir)
        taken.push({ bare, installed: await untilPacket(command), checkout: await untilPacket(inCheckout) })
        tell(`start, round ${round}: ${JSON.stringify(taken.at(-1))}`)
      }
      const nobody = [command, ...layOut(root, dir, 1)]
      return `${tableOf(taken)}\n\n${profileOf(nobody, dir, isQuick ? 1 : 10)}`
    } finally {
      server.close()
      rmSync(dir, { recursive: true, force: true })
    }
  },
}

/** Milliseconds: of Node.js alone, and until the first packet. */
type Taken = { readonly bare: number; readonly installed: number; readonly checkout: number }

/** @returns What is typed behind the command. */
const layOut = (root: string, dir: string, port: number): readonly string[] => {
  cpSync(join(root, 'bench/beside/steps'), join(dir, 'steps'), { recursive: true })
  const host = { ansible_host: '127.0.0.1', ansible_port: port, ansible_user: 'root' }
  writeFileSync(join(dir, 'hosts.yml'), stringify({ all: { hosts: { host1: host } } }))
  return ['playbook', join(dir, 'steps/steps.yml'), '-i', join(dir, 'hosts.yml'), '--yes']
}

const begin = (words: readonly string[], dir: string) =>
  spawn(process.execPath, [...words], { cwd: dir, stdio: 'ignore', env: { ...process.env, HOME: dir } })

/**
 * What nobody answers ends by itself: one that is killed leaves its lock, and the next one would have to break it first.
 *
 * @returns Milliseconds.
 */
const untilKnock = async (words: readonly string[], dir: string, server: ReturnType<typeof createServer>) => {
  const knocked = once(server, 'connection')
  const from = performance.now()
  const child = begin(words, dir)
  const ended = once(child, 'exit')
  const [socket] = await knocked
  const ms = performance.now() - from
  socket.destroy()
  await ended
  return ms
}

const untilEnd = async (words: readonly string[], dir: string): Promise<number> => {
  const from = performance.now()
  await once(begin(words, dir), 'exit')
  return performance.now() - from
}

const tableOf = (taken: readonly Taken[]): string => {
  const ms = (of: (one: Taken) => number) => told(figureOf(taken.map(of)), 1, 0)
  return table(
    [
      ['', 'ms'],
      ['`node -e 0`, from its start to its end', ms(({ bare }) => bare)],
      ['`run playbook` where it is installed, from its start to the first packet', ms(({ installed }) => installed)],
      ['how many times as long (goal: ≤ 2.5)', told(figureOf(taken.map(one => one.installed / one.bare)), 1, 2)],
      ['in a checkout, which looks first whether something was edited', ms(({ checkout }) => checkout)],
    ],
    [0],
  )
}
