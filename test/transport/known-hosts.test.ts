import { createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { describe, expect, it } from 'vitest'
import { fingerprint, hostKeyAlgorithms, hostKeyProblem, modernHostKeys } from '../../src/transport/host-key.ts'
import { judge, judgeOnPort, knownOf, lineFor, nameOf } from '../../src/transport/known-hosts.ts'
import { hasSshd, sshKeygen } from './sshd.ts'

const newKey = (type: 'ed25519' | 'rsa'): { line: string; wire: Buffer } => {
  const pair =
    type === 'rsa' ? ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }) : ssh2.utils.generateKeyPairSync(type)
  const parsed = ssh2.utils.parseKey(pair.public)
  if (parsed instanceof Error) throw parsed
  return { line: pair.public.trim(), wire: parsed.getPublicSSH() }
}

const [mine, other, rsa] = [newKey('ed25519'), newKey('ed25519'), newKey('rsa')]
const node1 = { address: 'node1', port: 22 }
const onPort = { address: '10.0.0.1', port: 2222 }

const verdict = (text: string, endpoint = node1, key = mine.wire) =>
  judgeOnPort([{ path: 'known_hosts', text }], endpoint, key).type

describe('a host key', () => {
  it.each<[string, string, string]>([
    ['known', 'is named alone', `node1 ${mine.line}`],
    ['known', 'is named in a list', `n1,node1,10.0.0.1 ${mine.line}`],
    ['known', 'is named in capitals', `NODE1 ${mine.line}`],
    ['known', 'fits a star', `node* ${mine.line}`],
    ['known', 'fits a question mark', `node? ${mine.line}`],
    ['known', 'is one of several keys', `node1 ${rsa.line}\nnode1 ${other.line}\nnode1 ${mine.line}`],
    ['known', 'has a comment behind', `node1 ${mine.line} root@node1 since 2026`],
    ['known', 'stands below comments and blank lines', `# keys\n\n  # more\n\tnode1 ${mine.line}\r\n`],
    ['known', 'is hashed', `|1|${'{{hash}}'} ${mine.line}`],
    ['unknown', 'is not named at all', ''],
    ['unknown', 'is another host’s', `node2 ${mine.line}`],
    ['unknown', 'is excluded by name', `node*,!node1 ${mine.line}`],
    ['unknown', 'stands on a port of its own', `[node1]:2222 ${mine.line}`],
    ['unknown', 'fits no pattern with a dot', `nod.1 ${mine.line}`],
    ['unknown', 'is known by a key of another type only', `node1 ${rsa.line}`],
    ['unknown', 'is known by an authority only', `@cert-authority node1 ${mine.line}`],
    ['unknown', 'has a line that is broken', `node1 ssh-ed25519\nnode1 ssh-ed25519 !!!\nnode1`],
    ['unknown', 'has a line with a mark that nobody knows', `@trusted node1 ${mine.line}`],
    ['changed', 'was another one', `node1 ${other.line}`],
    ['revoked', 'is revoked', `@revoked node1 ${mine.line}`],
    ['revoked', 'is known and revoked', `node1 ${mine.line}\n@revoked * ${mine.line}`],
    ['known', 'is another one than the revoked', `@revoked node1 ${other.line}\nnode1 ${mine.line}`],
  ])('is %s when it %s', (expected, _, text) => {
    expect(verdict(text.replace('{{hash}}', hashOf('node1')))).toBe(expected)
  })

  it('on another port is named with it', () => {
    expect(nameOf(onPort)).toBe('[10.0.0.1]:2222')
    expect(verdict(`[10.0.0.1]:2222 ${mine.line}`, onPort)).toBe('known')
    expect(verdict(`[10.0.0.1]:2223 ${mine.line}`, onPort)).toBe('unknown')
    expect(verdict(`[10.0.0.1]:* ${mine.line}`, onPort)).toBe('known')
    expect(verdict(`|1|${hashOf('[10.0.0.1]:2222')} ${mine.line}`, onPort)).toBe('known')
  })

  it('on another port is also known, or revoked, where it is so on the usual one, as for OpenSSH', () => {
    expect(verdict(`10.0.0.1 ${mine.line}`, onPort)).toBe('known')
    expect(verdict(`@revoked 10.0.0.1 ${mine.line}`, onPort)).toBe('revoked')
    expect(verdict(`10.0.0.1 ${other.line}`, onPort)).toBe('unknown')
    expect(verdict(`10.0.0.1 ${mine.line}\n[10.0.0.1]:2222 ${other.line}`, onPort)).toBe('changed')
  })

  it.each<[string, string]>([
    ['there is no key on it', 'node1'],
    ['there is no key on it', 'node1,10.0.0.1 ssh-ed25519'],
    ['its key is not of the type ssh-ed25519', 'node1 ssh-ed25519 !!!'],
    ['its key is not of the type ssh-rsa', `node1 ${mine.line.replace('ssh-ed25519', 'ssh-rsa')}`],
    ['its key is not of the type 1024', 'node1 1024 35 1234567'],
    ['@trusted is no mark that known_hosts has', `@trusted node1 ${mine.line}`],
  ])('is passed over, and told, when %s', (because, line) => {
    const { keys, broken } = knownOf([{ path: 'known', text: `# one\r\nnode2 broken\r\n${line}\r\n` }], node1)
    expect({ keys, broken }).toEqual({ keys: [], broken: [{ path: 'known', line: 3, because }] })
  })

  it('is looked for in all files', () => {
    const texts = ['', `node1 ${rsa.line}`, `node1 ${mine.line}`]
    const files = texts.map((text, index) => ({ path: `known${index}`, text }))
    expect(judgeOnPort(files, node1, mine.wire).type).toBe('known')
    expect(judgeOnPort([...files, { path: 'last', text: `@revoked * ${mine.line}` }], node1, mine.wire).type).toBe(
      'revoked',
    )
  })

  it('costs no more than its line says, however many stars there are', () => {
    const started = performance.now()
    verdict(`${'*a'.repeat(200)}b ${mine.line}`, { address: 'a'.repeat(2000), port: 22 })
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it.skipIf(!hasSshd).each<[string, string, string]>([
    ['a name', 'node1', `node1 ${mine.line}`],
    ['a list', 'node1', `n1,node1 ${mine.line}`],
    ['a pattern', 'node1', `node*,!node2 ${mine.line}`],
    ['an exclusion', 'node1', `node*,!node1 ${mine.line}`],
    ['a port', '[node1]:2222', `[node1]:2222 ${mine.line}`],
    ['another port', '[node1]:2223', `[node1]:2222 ${mine.line}`],
    ['capitals', 'node1', `NODE1 ${mine.line}`],
    ['a comment', 'node1', `  node1 ${mine.line} root@node1`],
    ['an address in brackets', '[::1]:2222', `[::1]:2222 ${mine.line}`],
  ])('is found by %s where ssh-keygen finds it, in the clear and hashed', (_, name, line) => {
    const [, address = name, port = '22'] = /^\[(.*)\]:(\d+)$/.exec(name) ?? []
    const endpoint = { address, port: Number(port) }
    const dir = mkdtempSync(join(tmpdir(), 'known-'))
    const file = join(dir, 'known_hosts')
    for (const text of [`${line}\n`, lineFor(endpoint, mine.wire, { hashed: true })]) {
      writeFileSync(file, text)
      const isFound = isFoundByKeygen(name, file)
      expect(knownOf([{ path: file, text }], endpoint).keys.length > 0).toBe(isFound)
    }
    rmSync(dir, { recursive: true })
  })

  it.skipIf(!hasSshd)('hashed by ssh-keygen is found', () => {
    const dir = mkdtempSync(join(tmpdir(), 'known-'))
    const file = join(dir, 'known_hosts')
    writeFileSync(file, `node1 ${mine.line}\n[10.0.0.1]:2222 ${mine.line}\n`)
    sshKeygen(['-q', '-H', '-f', file])
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain('node1')
    expect([verdict(text), verdict(text, onPort)]).toEqual(['known', 'known'])
    rmSync(dir, { recursive: true })
  })
})

const isFoundByKeygen = (name: string, file: string): boolean => {
  try {
    return sshKeygen(['-F', name, '-f', file]).includes('ssh-ed25519')
  } catch {
    return false
  }
}

/** Salt and hash as known_hosts has them. */
const hashOf = (name: string): string => {
  const salt = randomBytes(20)
  return `${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

describe('what is told of a host key', () => {
  const shown = { ...onPort, knownAs: onPort, host: 'node1', key: mine.wire, file: '/root/.ssh/known_hosts' }
  const problem = (text: string) =>
    hostKeyProblem(judge(knownOf([{ path: shown.file, text }], onPort).keys, mine.wire), shown)?.fields

  it('nothing when it is known', () => expect(problem(`[10.0.0.1]:2222 ${mine.line}`)).toBeUndefined())

  it('an unknown one: its fingerprint and the command that adds it', () => {
    expect(problem('')).toMatchObject({
      code: 'host-key-unknown',
      seen: `ssh-ed25519 ${fingerprint(mine.wire)}`,
      exit: 6,
      help: [
        'ssh-keyscan -p 2222 -t ed25519 10.0.0.1 >> /root/.ssh/known_hosts',
        "and compare the fingerprint with the node's own: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
      ].join('\n'),
    })
  })

  it('a changed one: where the old one stands, and the command that takes it out', () => {
    const fields = problem(`# first line\n[10.0.0.1]:2222 ${other.line}`)
    expect(fields).toMatchObject({
      code: 'host-key-changed',
      wanted: `ssh-ed25519 ${fingerprint(other.wire)}, from /root/.ssh/known_hosts:2`,
    })
    expect(fields?.help).toContain("ssh-keygen -R '[10.0.0.1]:2222' -f /root/.ssh/known_hosts && ssh-keyscan")
  })

  it('a revoked one, and one that only an authority knows', () => {
    expect(problem(`@revoked * ${mine.line}`)).toMatchObject({ code: 'host-key-revoked' })
    expect(problem(`@cert-authority *:2222 ${other.line}`)).toMatchObject({ code: 'host-key-certificate' })
  })

  it.skipIf(!hasSshd)('the fingerprint is the one of ssh-keygen', () => {
    const told = sshKeygen(['-lf', '-'], rsa.line)
    expect(told).toContain(fingerprint(rsa.wire))
  })
})

describe('host key algorithms', () => {
  it('of known keys come first, so that the server shows one that can be verified', () => {
    const known = knownOf([{ path: 'known_hosts', text: `node1 ${rsa.line}` }], node1).keys
    expect(hostKeyAlgorithms(known, modernHostKeys).slice(0, 3)).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
    ])
  })
})
