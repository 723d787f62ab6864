// The journal of one run: every event is in its file before anybody else hears of it.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { EventBody, RunEvent } from '../model/events.ts'
import { type Disk, diskProblem, realDisk } from './disk.ts'
import { toLine } from './format.ts'
import type { Redact } from './masked.ts'
import { journalFile, readLines } from './read.ts'

export type Journal = {
  readonly run: string
  readonly file: string
  /**
   * Stamps an event, writes it, then tells it to the listeners as it can be read back: masked, and without what JSON
   * cannot carry.
   *
   * @throws {Problem} `journal-full`, `journal-unwritable`; then no listener was told and no number was used up.
   */
  emit(body: EventBody): RunEvent
  /**
   * Waits until all that was emitted is on disk. Those who wait at the same time wait for one `fdatasync`.
   *
   * @throws {Problem} `journal-full`, `journal-unwritable`.
   */
  onDisk(): Promise<void>
  /** @returns Call it to hear no more. */
  listen(listener: JournalListener): () => void
  close(): void
}

/** @param line The event as it was written, with its line break. */
export type JournalListener = (event: RunEvent, line: string) => void

export type JournalOptions = {
  readonly now?: () => Date
  readonly redact?: Redact
  readonly disk?: Disk
}

/**
 * What must survive a crash before anybody hears of it (P6); all before it in the file survives with it. Of a step's
 * intent nobody hears who could do anything before the engine has waited until it is on disk: many hosts mean to do
 * something at the same time.
 */
const isPromise = ({ type }: EventBody): boolean => promises.has(type)

const promises: ReadonlySet<EventBody['type']> = new Set([
  'run-started',
  'cluster-locked',
  'lock-broken',
  'hold-intended',
  'prompt-answered',
  'receipt-written',
  'receipt-withdrawn',
  'run-ended',
])

/**
 * Opens the journal of a run, a new one or one that goes on after its last whole line.
 *
 * @param dir Where runs are kept.
 * @throws {Problem} `journal-full`, `journal-unwritable`, and what reading throws when it goes on.
 */
export const openJournal = (dir: string, run: string, options: JournalOptions = {}): Journal => {
  const { now = () => new Date(), redact = (text: string) => text, disk = realDisk } = options
  const file = journalFile(dir, run)
  const { fd, size, seq, isNew } = openFile(file, disk)
  const end = { size, seq }
  let safe = seq
  let hasName = !isNew
  let syncing: Promise<void> | undefined
  const listeners = new Set<JournalListener>()

  /** A file whose name is not on disk is lost with all that was synced into it. */
  const keepName = (): void => {
    if (!hasName) syncFolder(dirname(file))
    hasName = true
  }

  const append = (line: string, isUrgent: boolean): void => {
    const bytes = Buffer.from(line)
    try {
      for (let done = 0; done < bytes.length; ) done += disk.write(fd, bytes.subarray(done))
      if (isUrgent) {
        keepName()
        disk.sync(fd)
      }
    } catch (error) {
      cutQuietly(disk, fd, end.size)
      throw diskProblem(error, file)
    }
    end.size += bytes.length
    end.seq += 1
    if (isUrgent) safe = end.seq
  }

  const sync = async (): Promise<void> => {
    const upTo = end.seq
    try {
      keepName()
      await disk.syncBeside(fd)
      safe = Math.max(safe, upTo)
    } catch (error) {
      throw diskProblem(error, file)
    } finally {
      syncing = undefined
    }
  }

  return {
    run,
    file,
    emit(body) {
      const { line, event } = toLine(body, { seq: end.seq + 1, at: now().toISOString(), redact })
      append(line, isPromise(body))
      for (const listener of listeners) listener(event, line)
      return event
    },
    async onDisk() {
      const upTo = end.seq
      while (safe < upTo) {
        syncing ??= sync()
        await syncing
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      closeSync(fd)
    },
  }
}

type Opened = { readonly fd: number; readonly size: number; readonly seq: number; readonly isNew: boolean }

const openFile = (file: string, disk: Disk): Opened => {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const before = existsSync(file) ? readLines(file) : undefined
    const fd = openSync(file, 'a', 0o600)
    if (before?.isTorn) disk.cut(fd, before.size)
    return { fd, size: before?.size ?? 0, seq: before?.events.at(-1)?.seq ?? 0, isNew: !before }
  } catch (error) {
    throw diskProblem(error, file)
  }
}

const syncFolder = (folder: string): void => {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** A line that went in by half is taken out again; where not even that works, a reader reads over it. */
const cutQuietly = (disk: Disk, fd: number, size: number): void => {
  try {
    disk.cut(fd, size)
  } catch {}
}
