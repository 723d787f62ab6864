// Loaded before the command (`--import`): kills the process, as `kill -9` would, right after one line of a journal.
//
// CRASH_AT is JSON: the fields that the event has to have, and with `"torn": true` only half of its line is written. It
// knows the file's name and that an event is a line of JSON, and nothing else of the product, which has no hook for this.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { torn = false, ...wanted } = JSON.parse(process.env.CRASH_AT ?? '{}')
const { openSync, writeSync } = fs
const journals = new Set()

const isWanted = text => {
  const event = JSON.parse(text)
  return Object.entries(wanted).every(([key, value]) => event[key] === value)
}

const die = () => process.kill(process.pid, 'SIGKILL')

fs.openSync = (path, ...rest) => {
  const fd = openSync(path, ...rest)
  if (String(path).endsWith('/events.jsonl') && rest[0] === 'a') journals.add(fd)
  return fd
}

fs.writeSync = (fd, bytes, ...rest) => {
  if (!journals.has(fd) || !isWanted(Buffer.from(bytes).toString())) return writeSync(fd, bytes, ...rest)
  writeSync(fd, torn ? bytes.subarray(0, bytes.length / 2) : bytes)
  die()
  return bytes.length
}

syncBuiltinESMExports()
