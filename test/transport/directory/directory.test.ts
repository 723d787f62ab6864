// The adapter against OpenLDAP's own server: what it reads, what it writes, and what it refuses.
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeAuthority, makeCertificate } from '../../../lab/certificates.ts'
import { Problem } from '../../../src/model/problem.ts'
import { Secret } from '../../../src/model/secret.ts'
import { type OpenDirectory, openDirectory } from '../../../src/transport/directory/directory.ts'
import type { DirectoryTarget, DirectoryWay } from '../../../src/transport/directory/target.ts'
import { fromHere } from '../../../src/transport/directory/ways.ts'
import { problemOf } from '../../kit/fake-world.ts'
import { heldAs } from '../../kit/fault-table.ts'
import { atThisPace } from '../../kit/pace.ts'
import { hasSlapd, type Slapd, type SlapdOptions, startSlapd } from './slapd.ts'

const base = 'cn=Service,o=acme'
const agent = `cn=Agent,${base}`
const queue = '/var/opt/queue'

const entries = `dn: o=acme
objectClass: organization

dn: ${base}
objectClass: nnmThing

dn: ${agent}
objectClass: nnmThing
nnmQueueDir: ${queue}
nnmLogDir: /var/log/one
nnmLogDir: Zürich
nnmBytes:: //4A
description:: ${Buffer.from('two\nlines').toString('base64')}
`

const opened: OpenDirectory[] = []
const open = (target: DirectoryTarget, ways: readonly DirectoryWay[] = [fromHere(target)]) => {
  const directory = openDirectory(target, ways)
  opened.push(directory)
  return directory
}
afterEach(() => {
  for (const directory of opened.splice(0)) directory.close()
})

const readAgent = async (directory: OpenDirectory) => (await directory.search({ base: agent, scope: 'base' }))?.[0]

describe.skipIf(!hasSlapd)('a directory', () => {
  let slapd: Slapd
  beforeAll(async () => {
    slapd = await startSlapd({ config: ['limits dn.exact="cn=few,o=acme" size=1', 'access to * by * read'] })
    slapd.add(entries)
  })
  afterAll(() => slapd.close())

  describe.each(['starttls', 'ldaps', 'plain'] as const)('over %s', encryption => {
    it('gives an entry: texts as texts, and bytes as bytes', async () => {
      const found = await readAgent(open(slapd.target({ encryption })))
      expect(found).toMatchObject({
        dn: agent,
        attributes: {
          nnmQueueDir: [queue],
          nnmLogDir: ['/var/log/one', 'Zürich'],
          nnmBytes: [{ base64: '//4A' }],
          description: ['two\nlines'],
        },
      })
    })

    it('changes a value that is still the old one, and back', async () => {
      const directory = open(slapd.target({ encryption }))
      const change = { attribute: 'nnmQueueDir', before: [queue], after: ['/mnt/queue'] }
      await directory.modify(agent, [change])
      expect((await readAgent(directory))?.attributes.nnmQueueDir).toEqual(['/mnt/queue'])
      await directory.modify(agent, [{ ...change, before: change.after, after: change.before }])
      expect((await readAgent(directory))?.attributes.nnmQueueDir).toEqual([queue])
    })
  })

  it('refuses a change of a value that somebody else has changed, and writes none of the others', async () => {
    const directory = open(slapd.target())
    const changes = [
      { attribute: 'description', before: ['two\nlines'], after: ['three'] },
      { attribute: 'nnmQueueDir', before: ['/somewhere'], after: ['/mnt/queue'] },
    ]
    expect(await problemOf(directory.modify(agent, changes))).toMatchObject({ code: 'directory-value-moved', exit: 3 })
    expect((await readAgent(directory))?.attributes).toMatchObject({
      description: ['two\nlines'],
      nnmQueueDir: [queue],
    })
  })

  it('sets what was not set, brings bytes back, and leaves values alone that stay', async () => {
    const directory = open(slapd.target())
    const changes = [
      { attribute: 'nnmLogDir', before: ['/var/log/one', 'Zürich'], after: ['Zürich', '/new'] },
      { attribute: 'nnmBytes', before: [{ base64: '//4A' }], after: [{ base64: 'AP8=' }] },
    ]
    await directory.modify(agent, changes)
    expect((await readAgent(directory))?.attributes).toMatchObject({
      nnmLogDir: ['Zürich', '/new'],
      nnmBytes: [{ base64: 'AP8=' }],
    })
    await directory.modify(
      agent,
      changes.map(({ before, after, attribute }) => ({ attribute, before: after, after: before })),
    )
  })

  it('brings values that stay into another order', async () => {
    const directory = open(slapd.target())
    const change = { attribute: 'nnmLogDir', before: ['/var/log/one', 'Zürich'], after: ['Zürich', '/var/log/one'] }
    await directory.modify(agent, [change])
    expect((await readAgent(directory))?.attributes.nnmLogDir).toEqual(change.after)
    await directory.modify(agent, [{ ...change, before: change.after, after: change.before }])
    expect((await readAgent(directory))?.attributes.nnmLogDir).toEqual(change.before)
  })

  it('finds below a name, by a value with every letter that a filter knows, and nothing where nothing is', async () => {
    const directory = open(slapd.target())
    const odd = 'a*(b)\\c'
    await directory.modify(base, [{ attribute: 'description', before: [], after: [odd] }])
    const where = { attribute: 'description', equals: odd }
    expect((await directory.search({ base: 'o=acme', scope: 'sub', where }))?.map(({ dn }) => dn)).toEqual([base])
    expect(await directory.search({ base: 'cn=none,o=acme', scope: 'sub' })).toBeUndefined()
    await directory.modify(base, [{ attribute: 'description', before: [odd], after: [] }])
  })

  it('asks again over a new connection when the old one is gone, and knows then that it is nobody else', async () => {
    const directory = open(slapd.target())
    await readAgent(directory)
    await slapd.stop()
    await slapd.start()
    expect((await readAgent(directory))?.dn).toBe(agent)
    heldAs('the directory was restarted', { status: 0, events: [] })
  })

  it('does not take a part for the whole', async () => {
    slapd.add('dn: cn=few,o=acme\nobjectClass: nnmThing\nobjectClass: simpleSecurityObject\nuserPassword: few\n')
    const directory = open(slapd.target({ user: 'cn=few,o=acme', password: new Secret('few', 'few') }))
    expect(await problemOf(directory.search({ base: 'o=acme', scope: 'sub' }))).toMatchObject({
      code: 'directory-limit',
    })
  })

  it('says that it may not write, in the words of the server', async () => {
    const directory = open(slapd.target({ user: 'cn=few,o=acme', password: new Secret('few', 'few') }))
    const change = { attribute: 'description', before: [], after: ['x'] }
    expect(await problemOf(directory.modify(base, [change]))).toMatchObject({ code: 'directory-refused' })
  })

  it('follows no referral', async () => {
    slapd.add(
      'dn: cn=elsewhere,o=acme\nobjectClass: referral\nobjectClass: extensibleObject\nref: ldap://other/cn=elsewhere,o=acme\n',
    )
    const directory = open(slapd.target())
    const expected = { code: 'directory-referral', seen: expect.stringContaining('ldap://other/') }
    expect(await problemOf(directory.search({ base: 'o=acme', scope: 'sub' }))).toMatchObject(expected)
    expect(await problemOf(directory.search({ base: 'cn=elsewhere,o=acme', scope: 'base' }))).toMatchObject({
      code: 'directory-referral',
    })
  })

  it('refuses a wrong password, and shows it nowhere', async () => {
    const problem = await problemOf(readAgent(open(slapd.target({ password: new Secret('p', 'wrong-4711') }))))
    expect(problem).toMatchObject({ code: 'directory-login-refused', exit: 6 })
    heldAs('the directory does not accept the password', new Problem(problem))
    expect(JSON.stringify(problem)).not.toContain('wrong-4711')
  })

  it('gives up on a server that is frozen: unreachable before a change, unknown within one', async () => {
    const target = slapd.target({ timeoutMs: 400 })
    const directory = open(target)
    await readAgent(directory)
    await slapd.freeze()
    try {
      const change = { attribute: 'description', before: ['two\nlines'], after: ['late'] }
      const within = await problemOf(directory.modify(agent, [change]))
      expect(within).toMatchObject({ code: 'directory-outcome-unknown', exit: 7 })
      heldAs('the directory freezes while it writes', new Problem(within))
      const before = await problemOf(readAgent(open(target)))
      expect(before).toMatchObject({ code: 'directory-unreachable', exit: 6 })
      heldAs('the directory does not answer', new Problem(before))
    } finally {
      slapd.thaw()
    }
    const [now] = (await readAgent(open(slapd.target())))?.attributes.description ?? []
    await open(slapd.target()).modify(agent, [{ attribute: 'description', before: [now ?? ''], after: ['two\nlines'] }])
  })

  it('is trusted by its certificate alone: a name or an authority too much, and no password leaves', async () => {
    const other = await makeAuthority(slapd.dir, 'other')
    const cases = [
      [{ rootCertificate: other.certificate }, /not signed by an authority that is known/],
      [{ certificateName: 'directory.acme' }, /for another name/],
      [{ certificateName: 'localhost' }, undefined],
      [{ encryption: 'ldaps', port: slapd.ports.ldap }, undefined],
    ] as const
    const [unknownAuthority, otherName, knownName] = cases
    for (const [more, words] of [unknownAuthority, otherName])
      for (const encryption of ['starttls', 'ldaps'] as const)
        expect(await problemOf(readAgent(open(slapd.target({ encryption, ...more }))))).toMatchObject({
          code: 'directory-tls-refused',
          summary: expect.stringMatching(words),
          state: 'no password was sent',
        })
    const stranger = slapd.target({ encryption: 'ldaps', ...unknownAuthority[0] })
    heldAs('the certificate of the directory is not trusted', new Problem(await problemOf(readAgent(open(stranger)))))
    const begun = await problemOf(readAgent(open(slapd.target(unknownAuthority[0]))))
    expect(begun.help).toContain(`openssl s_client -connect 127.0.0.1:${slapd.ports.ldap} -starttls ldap -showcerts`)
    expect((await readAgent(open(slapd.target(knownName[0]))))?.dn).toBe(agent)
  })

  it('takes the root certificate as DER too, and names a file that is none', async () => {
    const { execFileSync } = await import('node:child_process')
    const der = `${slapd.dir}/authority.der`
    execFileSync('openssl', ['x509', '-in', slapd.authority.certificate, '-outform', 'der', '-out', der])
    expect((await readAgent(open(slapd.target({ rootCertificate: der }))))?.dn).toBe(agent)
    expect(await problemOf(readAgent(open(slapd.target({ rootCertificate: `${slapd.dir}/config` }))))).toMatchObject({
      code: 'root-certificate-unreadable',
    })
  })
})

describe.skipIf(!hasSlapd)('a certificate', () => {
  const refusedBy = async (options: SlapdOptions, more: Partial<DirectoryTarget> = {}) => {
    const slapd = await startSlapd(options)
    try {
      slapd.add(entries)
      return await readAgent(open(slapd.target({ encryption: 'ldaps', ...more }))).then(
        found => found?.dn,
        error => problemOf(Promise.reject(error)).then(({ summary, seen }) => `${summary} ${seen}`),
      )
    } finally {
      await slapd.close()
    }
  }

  it('that has expired is refused', async () => {
    const certificate: SlapdOptions['certificate'] = (dir, authority) =>
      makeCertificate(dir, 'server', { authority, names: ['IP:127.0.0.1'], days: -1 })
    expect(await refusedBy({ certificate })).toContain('its certificate has expired')
  })

  it('that is signed with SHA-1 is refused, and so is TLS 1.0, unless what is old is asked for', async () => {
    const certificate: SlapdOptions['certificate'] = (dir, authority) =>
      makeCertificate(dir, 'server', { authority, names: ['IP:127.0.0.1'], digest: 'sha1' })
    const config = ['TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS1.0']
    for (const options of [{ certificate }, { config }]) {
      expect(await refusedBy(options)).toContain('too old')
      expect(await refusedBy(options, { legacyTls: true })).toBe(agent)
    }
  })
})

describe('whoever answers at the address', () => {
  const servers: Server[] = []
  const answering = (answer: (socket: Socket) => void): Promise<DirectoryTarget> =>
    new Promise(resolve => {
      const server = createServer(socket => answer(socket.on('error', () => {}))).listen(0, '127.0.0.1', () => {
        const address = server.address()
        const port = typeof address === 'object' && address ? address.port : 0
        const password = new Secret('password', 'x')
        resolve({ address: '127.0.0.1', port, encryption: 'starttls', user: 'cn=a', password, timeoutMs: 500 })
      })
      servers.push(server)
    })
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  it.each<[string, (socket: Socket) => void]>([
    ['closes at once', socket => socket.end()],
    ['says nothing', () => {}],
    ['speaks something else', socket => socket.write('HTTP/1.0 400 Bad Request\r\n\r\n')],
  ])('and %s is no directory', async (_, answer) => {
    for (const encryption of ['starttls', 'plain'] as const) {
      const target = { ...(await answering(answer)), encryption }
      expect(await problemOf(open(target).search({ base: '', scope: 'base' }))).toMatchObject({
        code: 'directory-unreachable',
        seen: expect.stringMatching(/^from here: ./),
        exit: 6,
      })
    }
  })

  it('is not told the password when it does not begin TLS', async () => {
    let heard = ''
    const target = await answering(socket => socket.on('data', data => (heard += data.toString('latin1'))))
    await problemOf(open({ ...target, password: new Secret('p', 'secret-4711') }).search({ base: '', scope: 'base' }))
    expect(heard).toContain('1.3.6.1.4.1.1466.20037')
    expect(heard).not.toContain('secret-4711')
  })

  it.skipIf(!hasSlapd)('by the first way, and is none, leaves it to the second', async () => {
    const slapd = await startSlapd()
    slapd.add(entries)
    const silent = await answering(() => {})
    const target = slapd.target({ timeoutMs: atThisPace(1000) })
    // A channel of a node is a stream, and no socket.
    const throughNode: DirectoryWay = {
      name: 'through node1',
      open: async (): Promise<Duplex> => {
        const { Duplex } = await import('node:stream')
        return Duplex.from(await fromHere(target).open())
      },
    }
    for (const encryption of ['starttls', 'plain'] as const) {
      const found = await readAgent(open({ ...target, encryption }, [fromHere(silent), throughNode]))
      expect(found?.dn).toBe(agent)
    }
    await slapd.close()
  })
})
