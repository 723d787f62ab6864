// What a change of one thing says about another.
import { describe, expect, it } from 'vitest'
import { notKnownYet } from '../../../src/model/change.ts'
import type { Json } from '../../../src/model/json.ts'
import {
  attribute,
  bootStart,
  checksum,
  contents,
  directoryOwners,
  emptiness,
  emptyDirectory,
  entry,
  file,
  holders,
  inode,
  isBelow,
  mount,
  mountsBelow,
  owners,
  port,
  process,
  service,
  text,
  user,
} from '../../../src/task/kinds/index.ts'
import type { Ref } from '../../../src/task/resource.ts'
import { identity } from '../../../tasks/lib/hard-links.ts'

const coverOf = (ref: Ref, [before, after]: readonly [Json, Json], other: Ref) =>
  ref.resource.covers?.({ kind: ref.kind, key: ref.key, before, after }, other)

const absent = { type: 'absent' }
const directory = { type: 'directory', owner: 'root', group: 'root', mode: '0755' }
const plainFile = { type: 'file', owner: 'root', group: 'root', mode: '0644' }
const unknown = { type: 'unknown' }
const nothing = { type: 'value', value: absent }
const noFile = { type: 'value', value: { file: '' } }

describe('a file', () => {
  it.each<[string, readonly [Json, Json], Ref, unknown]>([
    ['a new directory is empty', [absent, directory], file('/d/x'), nothing],
    ['… also of texts', [absent, directory], text('/d/x'), nothing],
    ['… also of checksums, deep down', [absent, directory], checksum('/d/x/y'), nothing],
    [
      '… and all in it is of its owner',
      [absent, directory],
      owners('/d'),
      { type: 'value', value: { pairs: ['root:root'] } },
    ],
    ['a directory that changes its owner keeps what is in it', [directory, directory], file('/d/x'), undefined],
    ['… but whose all of it is, nobody knows', [directory, directory], owners('/d'), unknown],
    ['… and leaves the owners of a part of it', [directory, directory], owners('/d/x'), undefined],
    [
      'a new directory has no part that anybody owns',
      [absent, directory],
      owners('/d/x'),
      { type: 'value', value: { pairs: [] } },
    ],
    ['below a file there is nothing', [plainFile, plainFile], file('/d/x'), nothing],
    ['what is removed has no text', [plainFile, absent], text('/d'), nothing],
    ['a new file has some text', [absent, plainFile], text('/d'), unknown],
    ['a file that changes its mode keeps its text', [plainFile, plainFile], text('/d'), undefined],
    ['what a foreign program makes may have anything in it', [absent, notKnownYet], file('/d/x'), unknown],
    ['… and any text', [absent, notKnownYet], text('/d'), unknown],
    ['a neighbour stays as it is', [absent, directory], file('/dd'), undefined],
    ['a process does not care', [absent, directory], process('d'), undefined],
    ['a new directory is empty', [absent, directory], emptiness('/d'), { type: 'value', value: { is: 'empty' } }],
    [
      '… until something comes into it',
      [absent, plainFile],
      emptiness('/'),
      { type: 'value', value: { is: 'filled' } },
    ],
    ['… and what went may have been all', [plainFile, absent], emptiness('/'), unknown],
    ['what the file system knows of it moves with it', [plainFile, plainFile], inode('/d'), unknown],
    ['… also of the directory above', [absent, plainFile], inode('/'), unknown],
    ['… but of what is gone there is nothing', [plainFile, absent], inode('/d'), nothing],
    ['a new directory has no contents', [absent, directory], contents('/d'), { type: 'value', value: emptyDirectory }],
    ['one that changes its owner keeps its contents', [directory, directory], contents('/d'), undefined],
    ['what is removed has none', [directory, absent], contents('/d'), nothing],
    ['in a new one nothing is mounted', [absent, directory], mountsBelow('/d'), { type: 'value', value: { at: [] } }],
    ['… and what is mounted in another stays', [directory, directory], mountsBelow('/d'), undefined],
    ['what comes into one changes its contents', [absent, plainFile], contents('/'), unknown],
    ['which file it is may be another one by then', [plainFile, plainFile], identity('/d'), unknown],
    ['… also where there was none', [absent, plainFile], identity('/d'), unknown],
    ['… of what is gone it is none', [plainFile, absent], identity('/d'), noFile],
    ['… and below it too', [directory, absent], identity('/d/x'), noFile],
    ['… in a directory that stays it is the same', [directory, directory], identity('/d/x'), undefined],
    ['… in what a foreign program makes nobody knows', [absent, notKnownYet], identity('/d/x'), unknown],
    ['… and a neighbour is the same', [absent, plainFile], identity('/dd'), undefined],
  ])('%s', (_, values, other, cover) => {
    expect(coverOf(file('/d'), values, other)).toEqual(cover)
  })
})

/** What a thing is, once a change has been made that only alters it. */
const altered = (ref: Ref, values: readonly [Json, Json], [other, value]: readonly [Ref, Json]): Json => {
  const cover = coverOf(ref, values, other)
  return cover?.type === 'altered' ? cover.alter(value) : value
}

describe('which file stands at a path', () => {
  const one = { type: 'text', text: 'x' }
  it.each<[string, Ref, readonly [Json, Json], Ref, unknown]>([
    ['moves with its text', text('/d'), [one, one], identity('/d'), unknown],
    [
      'tells what it holds, once it is another',
      identity('/d'),
      [{ file: '1:2' }, { file: '1:3' }],
      text('/d'),
      unknown,
    ],
    ['… and not what a neighbour holds', identity('/d'), [{ file: '1:2' }, { file: '1:3' }], text('/e'), undefined],
  ])('%s', (_, ref, values, other, cover) => {
    expect(coverOf(ref, values, other)).toEqual(cover)
  })
})

describe('a thing that is made deep down', () => {
  it.each<[string, Json, Json]>([
    ['brings the directories above it', absent, notKnownYet],
    ['leaves those that are there', directory, directory],
  ])('%s', (_, seen, after) => {
    expect(altered(file('/d/e/f'), [absent, plainFile], [file('/d'), seen])).toEqual(after)
  })
})

const owned = (...pairs: string[]) => ({ pairs })
const ofNobody = { ...plainFile, owner: 'UNKNOWN' }
const handed = [owned('root:root'), owned('a:b')] as const

describe('a change of owner', () => {
  it.each<[string, Ref, readonly [Json, Json], readonly [Ref, Json], Json]>([
    [
      'of a tree, a file in it',
      owners('/d'),
      handed,
      [file('/d/x'), plainFile],
      { ...plainFile, owner: 'a', group: 'b' },
    ],
    ['… and its top', owners('/d'), handed, [file('/d'), directory], { ...directory, owner: 'a', group: 'b' }],
    ['… not what is absent', owners('/d'), handed, [file('/d/x'), absent], absent],
    ['… nor a neighbour', owners('/d'), handed, [file('/dd'), plainFile], plainFile],
    ['… a tree in it', owners('/d'), handed, [owners('/d/x'), owned('c:c')], owned('a:b')],
    ['… its directories', owners('/d'), handed, [directoryOwners('/d'), owned('c:c')], owned('a:b')],
    ['… an empty one', owners('/d'), handed, [owners('/d/x'), owned()], owned()],
    [
      '… a larger one, where others may own something',
      owners('/d'),
      handed,
      [owners('/'), owned('a:b', 'c:c')],
      notKnownYet,
    ],
    ['… a larger one that was all theirs', owners('/d'), handed, [owners('/'), owned('a:b')], owned('a:b')],
    ['of directories, a file in one', directoryOwners('/d'), handed, [file('/d/x'), plainFile], plainFile],
    ['… all that is there', directoryOwners('/d'), handed, [owners('/d'), owned('c:c')], notKnownYet],
    [
      'of one file, its tree',
      file('/d/x'),
      [plainFile, { ...plainFile, owner: 'a' }],
      [owners('/d'), owned('root:root')],
      notKnownYet,
    ],
    [
      '… when only its mode changes',
      file('/d/x'),
      [plainFile, { ...plainFile, mode: '0600' }],
      [owners('/d'), owned('c:c')],
      owned('c:c'),
    ],
    [
      '… when it comes, of an owner that is there',
      file('/d/x'),
      [absent, plainFile],
      [owners('/d'), owned('root:root')],
      owned('root:root'),
    ],
    [
      'a new user may be whose number stands on a file',
      user('a'),
      [absent, notKnownYet],
      [file('/x'), ofNobody],
      notKnownYet,
    ],
    ['… or on some of a tree', user('a'), [absent, notKnownYet], [owners('/x'), owned('UNKNOWN:b')], notKnownYet],
    ['… and no other', user('a'), [absent, notKnownYet], [file('/x'), plainFile], plainFile],
  ])('%s', (_, ref, values, [other, value], after) => {
    expect(altered(ref, values, [other, value])).toEqual(after)
  })
})

describe('a mount', () => {
  const values = [{ type: 'unmounted' }, { type: 'mounted', source: '/dev/sdb1', fstype: 'ext4' }] as const
  const moved = { type: 'moved', home: 'volume /dev/sdb1' }
  it.each<[string, Ref, unknown]>([
    ['takes all paths below to the volume', file('/mnt/messenger/a'), moved],
    ['and the mount point itself', file('/mnt/messenger'), moved],
    ['of every kind that has a path', owners('/mnt/messenger/a'), moved],
    ['but not its neighbour', file('/mnt/messenger2/a'), undefined],
    ['nor the mount itself', mount('/mnt/messenger'), undefined],
    ['nor what has no path', port('8300'), undefined],
  ])('%s', (_, other, cover) => {
    expect(coverOf(mount('/mnt/messenger'), values, other)).toEqual(cover)
  })

  it('that goes leaves below what nobody has seen', () => {
    const gone = [values[1], values[0]] as const
    expect(coverOf(mount('/mnt/messenger'), gone, file('/mnt/messenger/a'))).toEqual(unknown)
  })
})

describe('what is mounted in a directory', () => {
  const on = { type: 'mounted', source: '/dev/sdb1', fstype: 'ext4' }
  const off = { type: 'unmounted' }
  it.each<[string, Json, Json, Json]>([
    ['is one more after a mount', on, { at: ['/mnt/z'] }, { at: ['/mnt/a', '/mnt/z'] }],
    ['is one less after it went', off, { at: ['/mnt/a', '/mnt/z'] }, { at: ['/mnt/z'] }],
    ['is not known where nobody knows whether it came', notKnownYet, { at: [] }, notKnownYet],
  ])('%s', (_, after, before, expected) => {
    const cover = coverOf(mount('/mnt/a'), [off, after], mountsBelow('/mnt'))
    expect(cover?.type === 'altered' && cover.alter(before)).toEqual(expected)
  })
})

describe('others', () => {
  it.each<[string, Ref, Ref, unknown]>([
    ['a text changes the checksum', text('/a'), checksum('/a'), unknown],
    ['a text is no neighbour of another', text('/a'), checksum('/b'), undefined],
    ['a text is no change of what stands there', text('/a'), file('/a'), undefined],
    ['an init script that comes decides about its service', file('/etc/init.d/s'), service('s'), unknown],
    ['a unit too', file('/etc/systemd/system/s.service'), bootStart('s.service'), unknown],
    ['but not about another one', file('/etc/init.d/s'), service('t'), undefined],
    ['and no file elsewhere does', file('/opt/s'), service('s'), undefined],
    ['a service may own any process', service('s'), process('nmma'), unknown],
    ['and any port', service('s'), port('8300'), unknown],
  ])('%s', (_, ref, other, cover) => {
    expect(coverOf(ref, [null, null], other)).toEqual(cover)
  })

  it.each([
    ['/a/b', '/a', true],
    ['/a', '/a', false],
    ['/ab', '/a', false],
    ['/a', '/', true],
    ['/', '/', false],
  ])('%s below %s: %s', (path, above, is) => expect(isBelow(path, above)).toBe(is))
})

describe('an entry that comes', () => {
  const comes = [absent, notKnownYet] as const

  it.each<[string, Ref, unknown]>([
    ['brings whatever is below it', entry('cn=b,cn=a,o=x'), unknown],
    ['and its attributes', attribute('cn', 'cn=a, o=x'), unknown],
    ['… and theirs', attribute('cn', 'CN=b,CN=A,O=x'), unknown],
    ['may have the value that is looked for', holders('v', 'o=x'), unknown],
    ['… at itself too', holders('v', 'cn=a,o=x'), unknown],
    ['leaves its neighbours', attribute('cn', 'cn=aa,o=x'), undefined],
    ['… and who is looked for below them', holders('v', 'cn=aa,o=x'), undefined],
  ])('%s', (_, other, cover) => {
    expect(coverOf(entry('cn=a,o=x'), comes, other)).toEqual(cover)
  })
})

describe('an attribute', () => {
  const of = (...values: string[]): Json => (values.length === 0 ? absent : { type: 'values', values })
  const found = (...all: { dn: string; attribute: string }[]) => ({ type: 'holders', found: all })
  const own = { dn: 'cn=a,o=x', attribute: 'p' }
  const other = { dn: 'cn=b,o=x', attribute: 'p' }

  it.each<[string, readonly [Json, Json], string, Json, Json]>([
    ['that loses a value is found by it no more', [of('old'), of('new')], 'old', found(own, other), found(other)],
    ['that gets a value is found by it', [of('old'), of('new')], 'new', found(other), found(other, own)],
    ['that was not set is found too', [absent, of('new')], 'new', found(), found(own)],
  ])('%s', (_, values, sought, before, after) => {
    const cover = coverOf(attribute('p', 'cn=a,o=x'), values, holders(sought, 'o=x'))
    expect(cover?.type === 'altered' && cover.alter(before)).toEqual(after)
  })

  it('is of no matter to who looks for another value, or elsewhere', () => {
    const change = [of('old'), of('new')] as const
    expect(coverOf(attribute('p', 'cn=a,o=x'), change, holders('other', 'o=x'))).toBeUndefined()
    expect(coverOf(attribute('p', 'cn=a,o=x'), change, holders('new', 'cn=c,o=x'))).toBeUndefined()
  })
})
