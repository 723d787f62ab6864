// `npm run bench:lint`: how long a lint of 10,000 lines takes beside an inventory of 200 hosts, and how much memory.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from '../measure.ts'
import { longPlaybook, wideInventory } from './long-playbook.ts'

const rounds = 5

/** @param root The repository. */
export const main = async (root: string): Promise<void> => {
  const cwd = mkdtempSync(join(tmpdir(), 'bench-lint-'))
  mkdirSync(join(cwd, 'playbooks'))
  writeFileSync(join(cwd, 'run.yml'), 'inventory: inventory.yml\n')
  writeFileSync(join(cwd, 'inventory.yml'), wideInventory(200))
  writeFileSync(join(cwd, 'playbooks/long.yml'), longPlaybook(10_000))
  const command = [process.execPath, join(root, 'bin/run.js'), 'lint', 'long']
  for (let round = 1; round <= rounds; round += 1) {
    const { wallMs, cpuMs, peakKb, exitCode } = await measure(command, { cwd, log: join(cwd, 'log') })
    const told = [`wall ${(wallMs / 1000).toFixed(2)} s`, `CPU ${(cpuMs / 1000).toFixed(2)} s`]
    process.stdout.write(`${[...told, `peak ${Math.round(peakKb / 1024)} MB`, `exit ${exitCode}`].join('   ')}\n`)
  }
  rmSync(cwd, { recursive: true })
}
