// `ldap_directory:` of an inventory: what it means, and each fault with its place.
import { describe, expect, it } from 'vitest'
import { directoryOfHost } from '../../src/inventory/directory.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import { reveal } from '../../src/model/secret.ts'

const read = (lines: string) => {
  const text = `all:\n  hosts: { node1: }\n  vars:\n    ldap_host: ldap.acme\n    ldap_directory:\n${lines.replace(/^/gm, '      ')}\n`
  const [host] = parseInventory({ file: 'site.yml', text }).hosts
  if (!host) throw new Error('no host')
  return directoryOfHost(host)
}

const least = 'address: "{{ ldap_host }}"\nuser: cn=admin,o=acme\npassword: secret'

describe('what it means', () => {
  it.each([
    ['the least', '', { address: 'ldap.acme', port: 389, encryption: 'starttls', via: 'auto', legacyTls: false }],
    ['a port that speaks TLS', 'port: 636', { port: 636, encryption: 'ldaps' }],
    ['TLS from the start', 'encryption: ldaps', { port: 636, encryption: 'ldaps' }],
    ['no TLS, in so many words', 'encryption: plain', { port: 389, encryption: 'plain' }],
    ['less patience', 'timeout: 2', { timeoutMs: 2000 }],
  ])('%s', (_, more, expected) => {
    const { directory, problems } = read(`${least}\n${more}`)
    expect(problems).toEqual([])
    expect(directory).toMatchObject(expected)
    expect(directory && reveal(directory.password)).toBe('secret')
    expect(JSON.stringify(directory)).not.toContain('"secret"')
  })

  it('without it there is none', () => {
    const [host] = parseInventory({ file: 'site.yml', text: 'all: { hosts: { node1: } }' }).hosts
    expect(host && directoryOfHost(host)).toEqual({ problems: [] })
  })
})

describe('what is wrong', () => {
  it.each([
    ['no user', 'address: a\npassword: b', 5],
    ['a word that there is not', `${least}\nencription: plain`, 9],
    ['an encryption that there is not', `${least}\nencryption: none`, 9],
    ['a variable that is not there', least.replace('ldap_host', 'ldap_hosst'), 6],
  ])('%s', (_, text, line) => {
    expect(read(text).problems.map(({ fields }) => fields.span?.line)).toEqual([line])
  })
})
