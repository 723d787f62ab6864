// The stand-in for the directory answers real LDAP clients as a directory does.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { Attribute, Change, Client, InvalidCredentialsError, type ResultCodeError } from 'ldapts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeAuthority, makeCertificate } from '../../lab/certificates.ts'
import { type RunningDirectory, seed, startDirectory } from '../../lab/vendor/index.ts'

let directory: RunningDirectory
let client: Client

beforeEach(async () => {
  directory = await startDirectory({ host: '127.0.0.1', port: 0, state: seed() })
  client = new Client({ url: `ldap://127.0.0.1:${directory.port}`, timeout: 3000 })
})
afterEach(async () => {
  await client.unbind()
  await directory.close()
})

const login = () => client.bind('cn=admin,o=acme', 'novell')
const codeOf = (work: Promise<unknown>) => work.then(() => 0).catch((error: ResultCodeError) => error.code)
const replace = (type: string, ...values: string[]) =>
  new Change({ operation: 'replace', modification: new Attribute({ type, values }) })

describe('binding', () => {
  it.each([
    ['the right password', 'cn=admin,o=acme', 'novell', 0],
    ['another spelling of the name', 'CN=Admin, O=ACME', 'novell', 0],
    ['a wrong password', 'cn=admin,o=acme', 'x', 49],
    ['nobody’s name', 'cn=nobody,o=acme', 'novell', 49],
    ['a name without a password', 'cn=admin,o=acme', '', 53],
    ['nothing at all', '', '', 0],
  ])('with %s', async (_, dn, password, code) => {
    expect(await codeOf(client.bind(dn, password))).toBe(code)
  })

  it('that failed leaves nobody logged in', async () => {
    await login()
    await expect(client.bind('cn=admin,o=acme', 'x')).rejects.toBeInstanceOf(InvalidCredentialsError)
    expect(await codeOf(client.del('ou=messenger,o=acme'))).toBe(50)
  })
})

describe('searching', () => {
  const find = async (filter: string, base = 'o=acme', scope: 'base' | 'one' | 'sub' = 'sub') =>
    (await client.search(base, { filter, scope })).searchEntries.map(({ dn }) => dn)

  it.each([
    ['(cn=ADMIN)', ['cn=admin,o=acme']],
    ['(&(objectClass=posixAccount)(uid=nvlmsgr))', ['cn=nvlmsgr,ou=users,o=acme']],
    ['(|(cn=node1)(cn=node3))', ['cn=node1,cn=msgr1,o=acme', 'cn=node3,cn=msgr1,o=acme']],
    ['(&(cn=node*)(!(cn=node2)))', ['cn=node1,cn=msgr1,o=acme', 'cn=node3,cn=msgr1,o=acme']],
    ['(cn=*ode2)', ['cn=node2,cn=msgr1,o=acme']],
    ['(cn=n*l*r)', ['cn=nvlmsgr,ou=users,o=acme']],
    ['(uidNumber=*)', ['cn=nvlmsgr,ou=users,o=acme']],
    ['(cn=no.*)', []],
    ['(!(cn>=a))', []],
  ])('for %s finds %j', async (filter, expected) => {
    await login()
    expect(await find(filter)).toEqual(expected)
  })

  it('keeps to its scope', async () => {
    await login()
    expect(await find('(objectClass=*)', 'ou=users,o=acme', 'base')).toEqual(['ou=users,o=acme'])
    expect(await find('(objectClass=*)', 'ou=users,o=acme', 'one')).toEqual([
      'cn=nvlmsgr,ou=users,o=acme',
      'cn=msgrgroup,ou=users,o=acme',
    ])
    expect(await find('(objectClass=*)', 'OU=users, o=acme')).toHaveLength(3)
  })

  it('gives the attributes that were asked for, never a password', async () => {
    await login()
    const options = { scope: 'base', filter: '(objectClass=*)' } as const
    const some = await client.search('cn=admin,o=acme', { ...options, attributes: ['SN', 'userPassword', 'mail'] })
    expect(some.searchEntries).toEqual([{ dn: 'cn=admin,o=acme', SN: 'admin', userPassword: [], mail: [] }])
  })

  it('shows the tree to anybody, and of entries only what LUM needs', async () => {
    const { searchEntries } = await client.search('', { scope: 'base', attributes: ['directoryTreeName'] })
    expect(searchEntries).toEqual([{ dn: '', directoryTreeName: 't=ACME_TREE' }])
    expect(await find('(uidNumber=6001)')).toEqual(['cn=nvlmsgr,ou=users,o=acme'])
    expect(await find('(nCSRevision=*)')).toEqual([])
  })

  it('below nothing is an error', async () => {
    await login()
    expect(await codeOf(client.search('ou=nowhere,o=acme'))).toBe(32)
  })
})

describe('writing', () => {
  const dn = 'cn=Service,ou=messenger,o=acme'
  beforeEach(login)

  it('adds, changes, compares and deletes an entry', async () => {
    await client.add(dn, { objectClass: 'thing', description: ['a', 'b'] })
    const a = new Attribute({ type: 'description', values: ['a'] })
    const c = new Attribute({ type: 'description', values: ['c'] })
    await client.modify(dn, [
      new Change({ operation: 'delete', modification: a }),
      new Change({ operation: 'add', modification: c }),
    ])
    expect(directory.dump().entries[dn]).toEqual({ cn: ['Service'], objectClass: ['thing'], description: ['b', 'c'] })
    expect(await client.compare(dn, 'description', 'b')).toBe(true)
    expect(await client.compare(dn, 'description', 'a')).toBe(false)
    await client.del(dn)
    expect(directory.dump()).toEqual(seed())
  })

  it('is all or nothing, and fails when the old value is another', async () => {
    const before = directory.dump()
    const old = new Attribute({ type: 'nCSRevision', values: ['6'] })
    const changes = [
      replace('nCSCRMLoadTimeout', '1'),
      new Change({ operation: 'delete', modification: old }),
      replace('nCSRevision', '8'),
    ]
    expect(await codeOf(client.modify('cn=MESSENGER,cn=msgr1,o=acme', changes))).toBe(16)
    expect(directory.dump()).toEqual(before)
  })

  it.each([
    ['an entry that is there', () => client.add('ou=users,o=acme', { objectClass: 'x' }), 68],
    ['an entry below nothing', () => client.add('cn=a,ou=no,o=acme', { objectClass: 'x' }), 32],
    ['an entry without a class', () => client.add('cn=a,o=acme', { sn: 'a' }), 65],
    ['a value that is there', () => client.modify('o=acme', changeTo('add', 'o', 'acme')), 20],
    ['a branch', () => client.del('ou=users,o=acme'), 66],
    ['a name away', () => client.modify('ou=users,o=acme', replace('ou', 'people')), 67],
  ])('refuses %s', async (_, work, code) => {
    expect(await codeOf(work())).toBe(code)
    expect(directory.dump()).toEqual(seed())
  })

  it('is for who may', async () => {
    await client.bind('', '')
    expect(await codeOf(client.add(dn, { objectClass: 'x' }))).toBe(50)
  })

  const changeTo = (operation: 'add' | 'delete', type: string, value: string) =>
    new Change({ operation, modification: new Attribute({ type, values: [value] }) })
})

describe('TLS', () => {
  it.skipIf(spawnSync('openssl', ['version']).error)('from the start and later on, with one certificate', async () => {
    const dir = mkdtempSync(`${tmpdir()}/directory-`)
    const authority = await makeAuthority(dir, 'authority')
    const { certificate, key } = await makeCertificate(dir, 'server', { authority, names: ['IP:127.0.0.1'] })
    const ca = readFileSync(authority.certificate)
    const tls = { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') }
    const secure = await startDirectory({ host: '127.0.0.1', port: 0, state: seed(), tls })
    const clients = [
      new Client({ url: `ldaps://127.0.0.1:${secure.securePort}`, tlsOptions: { ca } }),
      new Client({ url: `ldap://127.0.0.1:${secure.port}` }),
    ]
    await clients[1]?.startTLS({ ca, host: '127.0.0.1' })
    for (const each of clients) {
      await each.bind('cn=admin,o=acme', 'novell')
      expect((await each.search('o=acme', { filter: '(cn=node2)' })).searchEntries).toHaveLength(1)
      await each.unbind()
    }
    await secure.close()
    rmSync(dir, { recursive: true })
  })

  it('is refused where there is no certificate', async () => {
    expect(await codeOf(client.startTLS())).toBe(2)
  })
})

it('dumps what it is given to load, in another process too', async () => {
  await login()
  await client.del('cn=nvlmsgr,ou=users,o=acme')
  directory.load(JSON.parse(JSON.stringify(seed({ tree: 'OTHER' }))))
  expect(directory.dump()).toEqual(seed({ tree: 'OTHER' }))
})

it('drops who speaks no LDAP, and serves the others on', async () => {
  const socket = connect(directory.port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'))
  await new Promise(done => socket.on('close', done))
  await login()
})

const hasLdapsearch = spawnSync('ldapsearch', ['-VV']).error === undefined
it.skipIf(!hasLdapsearch)('answers OpenLDAP’s ldapsearch (skipped where it is not installed)', async () => {
  const { spawn } = await import('node:child_process')
  const url = `ldap://127.0.0.1:${directory.port}`
  const args = ['-x', '-LLL', '-H', url, '-D', 'cn=admin,o=acme', '-w', 'novell', '-b', 'o=acme', '(cn=node2)', 'cn']
  const child = spawn('ldapsearch', args)
  let output = ''
  child.stdout.on('data', more => (output += String(more)))
  await new Promise(done => child.on('close', done))
  expect(output).toContain('dn: cn=node2,cn=msgr1,o=acme\ncn: node2\n')
})
