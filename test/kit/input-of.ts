// What a command reads on stdin, as the bytes that come to it.
import { readFileSync } from 'node:fs'
import { LargeFile } from '../../src/model/large-file.ts'
import { reveal, Secret } from '../../src/model/secret.ts'
import type { Input } from '../../src/shell/host-shell.ts'

export const inputOf = (input: Input | undefined): string | Uint8Array | undefined => {
  if (input instanceof LargeFile) return readFileSync(input.path)
  return input instanceof Secret ? reveal(input) : input
}
