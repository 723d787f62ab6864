import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readJournal, readJournalText } from '../../src/journal/index.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'journal-'))
})

const line = (seq: number, v = 1) =>
  `${JSON.stringify({ v, seq, at: '2026-11-23T05:12:00.000Z', type: 'notice', text: 'x' })}\n`

const read = (text: string) => {
  mkdirSync(join(dir, 'r1'))
  writeFileSync(join(dir, 'r1', 'events.jsonl'), text)
  return readJournal(dir, 'r1')
}

describe('reading a journal', () => {
  it.each([
    ['all lines', line(1) + line(2), 2],
    ['nothing', '', 0],
    ['a last line that was cut off', line(1) + line(2).slice(0, 30), 1],
    ['a last line that lacks only its line break', line(1) + line(2).trimEnd(), 1],
    ['a last line cut inside a letter', line(1) + Buffer.from('{"text":"ü').subarray(0, 10), 1],
  ])('%s', (_name, text, count) => {
    expect(read(text)).toHaveLength(count)
  })

  it.each([
    ['a gap', line(1) + line(3), 'journal-gap', 'events.jsonl:2'],
    ['a number twice', line(1) + line(1), 'journal-gap', 'events.jsonl:2'],
    ['another version', line(1) + line(2, 2), 'journal-version', 'version 2'],
    ['a line of something else', `${line(1)}hello\n${line(2)}`, 'journal-damaged', 'events.jsonl:2: hello'],
    ['a line of JSON that is no event', `${line(1)}[1]\n`, 'journal-damaged', 'events.jsonl:2: [1]'],
  ])('%s is told with its place', (_name, text, code, seen) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ fields: expect.objectContaining({ code, seen: expect.stringContaining(seen) }) }),
    )
  })

  it('a run that is not there is told, with what lists the runs that are', () => {
    expect(() => readJournal(dir, 'r2')).toThrow(expect.objectContaining({ code: 'run-unknown', exit: 2 }))
  })

  it.each(['..', '../r1', 'r1/../r1', '/etc', ''])('the name of a run is a name and no path: %j', name => {
    read(line(1))
    expect(() => readJournal(dir, name)).toThrow(expect.objectContaining({ code: 'run-unknown' }))
  })

  it('a name with one slip gets the one that was meant', () => {
    read(line(1))
    expect(() => readJournal(dir, 'r2')).toThrow(
      expect.objectContaining({ fields: expect.objectContaining({ help: expect.stringContaining('`r1`') }) }),
    )
  })

  it('gives its whole lines as they are', () => {
    read(line(1) + line(2) + line(3).slice(0, 20))
    expect(readJournalText(dir, 'r1')).toBe(line(1) + line(2))
  })
})
