import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Question } from '../../src/task/person.ts'
import type { Company } from '../../src/transport/company.ts'
import { connect } from '../../src/transport/session.ts'
import type { Target } from '../../src/transport/target.ts'
import { problemOf } from '../shell/problem-of.ts'
import { type FaultyServer, startFaultyServer } from './faulty-server.ts'
import { hasSshd, sshKeygen } from './sshd.ts'

let server: FaultyServer
let dir: string
beforeAll(async () => {
  server = await startFaultyServer()
})
afterAll(() => server.stop())
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trust-'))
  return () => rmSync(dir, { recursive: true })
})

const company = (answer?: (question: Question) => string | undefined) => {
  const told: string[] = []
  const asked: Question[] = []
  const there: Company = {
    keys: new Map(),
    tell: text => void told.push(text),
    ...(answer && {
      person: {
        async ask(question) {
          asked.push(question)
          await new Promise(resolve => setTimeout(resolve, 50))
          return answer(question)
        },
      },
    }),
  }
  return { there, told, asked }
}

const file = () => join(dir, '.ssh', 'known_hosts')
const target = (more: Partial<Target> = {}): Target => ({ ...server.target, knownHostsFiles: [file()], ...more })
const text = () => readFileSync(file(), 'utf8')
const name = () => `[127.0.0.1]:${server.target.port}`

const enter = async (wanted: Target, there: Company = company().there) => {
  const session = await connect(wanted, { company: there })
  await session.close()
}

describe('a host that nobody knows', () => {
  it('is refused unless somebody agreed to something else', async () => {
    const problem = await problemOf(enter(target()))
    expect(problem.code).toBe('host-key-unknown')
    expect(() => text()).toThrow('ENOENT')
  })

  it('is taken down with accept-new, readable by the owner only, and said so', async () => {
    const { there, told } = company()
    await enter(target({ hostKeyChecking: 'accept-new' }), there)
    expect(text()).toMatch(new RegExp(`^\\[127\\.0\\.0\\.1\\]:${server.target.port} ssh-ed25519 \\S+\n$`))
    expect([statSync(file()).mode & 0o777, statSync(join(dir, '.ssh')).mode & 0o777]).toEqual([0o600, 0o700])
    expect(told).toEqual([
      expect.stringMatching(/^the host key of node1, ssh-ed25519 SHA256:\S+, was not known; now it is kept in /),
    ])
    await enter(target(), there)
    expect(told).toHaveLength(1)
  })

  it.skipIf(!hasSshd)('is taken down hashed where names are hashed, so that ssh-keygen finds it', async () => {
    await enter(target({ hostKeyChecking: 'accept-new', hashKnownHosts: true }))
    expect(text()).toMatch(/^\|1\|/)
    expect(sshKeygen(['-F', name(), '-f', file()])).toContain('found: line 1')
    await enter(target())
  })

  it('is taken down under its alias', async () => {
    await enter(target({ hostKeyChecking: 'accept-new', hostKeyAlias: 'Messenger1' }))
    expect(text()).toMatch(/^messenger1 ssh-ed25519/)
    await enter(target({ hostKeyAlias: 'messenger1' }))
  })

  it('is taken down once, on a line of its own, when several come at once', async () => {
    mkdirSync(join(dir, '.ssh'))
    writeFileSync(file(), '# the last line has no end')
    await Promise.all(Array.from({ length: 4 }, () => enter(target({ hostKeyChecking: 'accept-new' }))))
    expect(text()).toMatch(/^# the last line has no end\n\S+ ssh-ed25519 \S+\n$/)
  })

  it('is refused where its key could not be kept', async () => {
    mkdirSync(join(dir, '.ssh'))
    symlinkSync('/dev/null', file())
    const problem = await problemOf(enter(target({ hostKeyChecking: 'accept-new' })))
    expect(problem.fields).toMatchObject({
      code: 'host-key-not-kept',
      seen: expect.stringContaining('is no file'),
      exit: 6,
    })
  })
})

describe('a person who is asked', () => {
  it.each(['yes', 'the fingerprint'])('says %s, once for all who wait, and takes their time', async answer => {
    const { there, asked } = company(({ lines }) =>
      answer === 'yes' ? 'yes' : /SHA256:\S+/.exec(lines.join(' '))?.[0],
    )
    const wanted = target({ hostKeyChecking: 'ask', connectTimeoutMs: 1000 })
    await Promise.all([enter(wanted, there), enter(wanted, there)])
    expect(asked).toHaveLength(1)
    expect(asked[0]?.title).toBe('The host key of node1 is not known')
    expect(asked[0]?.lines.join('\n')).toMatch(/shows ssh-ed25519 SHA256:.*\n.*ssh-keygen -lf/)
  })

  it.each(['no', '', 'y', 'SHA256:another'])('answers "%s", which is no agreement', async answer => {
    const problem = await problemOf(enter(target({ hostKeyChecking: 'ask' }), company(() => answer).there))
    expect(problem.fields).toMatchObject({
      code: 'host-key-unknown',
      summary: expect.stringContaining('nobody agreed'),
    })
    expect(() => text()).toThrow('ENOENT')
  })

  it('longer than the server has to answer', async () => {
    const { there } = company(() => 'yes')
    const slow: Company = {
      ...there,
      person: {
        ask: async () => {
          await new Promise(resolve => setTimeout(resolve, 900))
          return 'yes'
        },
      },
    }
    await enter(target({ hostKeyChecking: 'ask', connectTimeoutMs: 600 }), slow)
  })

  it.each<[string, Partial<Target>]>([
    ['there is no terminal', {}],
    ['nobody is to be asked', { isBatch: true }],
  ])('is not, where %s: that is strict', async (_, more) => {
    const { there, asked } = more.isBatch ? company(() => 'yes') : company()
    const problem = await problemOf(enter(target({ hostKeyChecking: 'ask', ...more }), there))
    expect(problem.code).toBe('host-key-unknown')
    expect(asked).toEqual([])
  })
})

describe('a host of which something is known', () => {
  const known = () => readFileSync(server.target.knownHostsFiles[0] ?? '', 'utf8')
  const write = (lines: string) => {
    mkdirSync(join(dir, '.ssh'))
    writeFileSync(file(), lines)
  }

  it.each<[string, string, () => string]>([
    ['another key of its type', 'host-key-changed', () => `${name()} ${newKey('ed25519')}`],
    ['a key of another type', 'host-key-unknown', () => `${name()} ${newKey('rsa')}`],
    ['an authority', 'host-key-certificate', () => `@cert-authority * ${newKey('ed25519')}`],
    ['that its key is revoked', 'host-key-revoked', () => `@revoked * ${known().split(' ').slice(1).join(' ')}`],
  ])('by %s is refused with accept-new too, and nothing is asked', async (_, code, lines) => {
    write(lines())
    const before = text()
    for (const hostKeyChecking of ['accept-new', 'ask'] as const) {
      const { there, asked } = company(() => 'yes')
      expect((await problemOf(enter(target({ hostKeyChecking }), there))).code).toBe(code)
      expect(asked).toEqual([])
    }
    expect(text()).toBe(before)
  })

  it('by a line that cannot be read is told where that line is', async () => {
    write(`# keys\n${name()} ssh-ed25519 broken\n`)
    const { there, told } = company()
    const { fields } = await problemOf(enter(target(), there))
    const place = `${file()}:2`
    expect(fields).toMatchObject({
      code: 'host-key-unknown',
      excerpt: `passed over:\n${place}: its key is not of the type ssh-ed25519`,
    })
    expect(told).toEqual([`${place} is passed over: its key is not of the type ssh-ed25519`])
  })
})

const newKey = (type: 'ed25519' | 'rsa'): string => {
  const path = join(dir, `key-${type}`)
  sshKeygen(['-q', '-t', type, '-N', '', '-f', path])
  return readFileSync(`${path}.pub`, 'utf8')
}
