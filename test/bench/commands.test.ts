// Commands are counted where all of them go out; this shows that they still go out there.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { parseSent, withRecorder } from '../../bench/install/commands.ts'
import type { FramedShell } from '../../src/transport/framed-shell.ts'

const dir = mkdtempSync(join(tmpdir(), 'bench-commands-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const root = fileURLToPath(new URL('../..', import.meta.url))

const recordedShell = async (): Promise<typeof FramedShell> => {
  const { file, text } = withRecorder(root)
  const outfile = join(dir, 'framed-shell.mjs')
  const stdin = { contents: text, resolveDir: join(root, file, '..'), loader: 'ts' as const }
  await build({ stdin, outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm' })
  return (await import(pathToFileURL(outfile).href)).FramedShell
}

describe('the counting of commands', () => {
  it('writes down each command before it is sent: framed, on a terminal, uploads', async () => {
    const Shell = await recordedShell()
    const written = join(dir, 'commands.jsonl')
    vi.stubEnv('BENCH_COMMANDS', written)
    const gone = { host: 'node1', open: () => Promise.reject(new Error('gone')), lost: () => undefined }
    const shell = new Shell(gone, () => ({ knock: (script: string) => script }) as never)

    await expect(shell.run('stat /etc')).rejects.toThrow('gone')
    await expect(shell.terminal('/media/install')).rejects.toThrow('gone')
    await expect(shell.upload(Buffer.from('x'), '/tmp/x', '600')).rejects.toThrow('gone')

    expect(parseSent(readFileSync(written, 'utf8'))).toEqual([
      { host: 'node1', script: 'stat /etc' },
      { host: 'node1', script: '/media/install' },
      { host: 'node1', script: '/tmp/x' },
    ])
  })
})
