// What OpenLDAP's tools are given is what they give back.
import { expect, it } from 'vitest'
import { entriesOf, ldifOf } from '../../lab/ldif.ts'

const entries = {
  'o=acme': { objectClass: ['organization'], o: ['acme'] },
  'cn=Größe,o=acme': {
    objectClass: ['person'],
    cn: ['Größe'],
    description: ['two\nlines\n', ' a space before', ': a colon'],
  },
}

it('entries come back as they went', () => {
  expect(entriesOf(ldifOf(entries))).toEqual(entries)
})

it('what the server adds is left out, and plain values are read', () => {
  const ldif = 'dn: o=acme\nobjectClass: organization\no: acme\nentryUUID: 1\ncreateTimestamp: 2026\n\n'
  expect(entriesOf(ldif)).toEqual({ 'o=acme': entries['o=acme'] })
})
