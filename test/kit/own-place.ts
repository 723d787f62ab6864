// All that one run of the tests puts on disk lies below one directory of its own, which goes with it.
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labDown } from '../../lab/index.ts'

/** Workers inherit the environment: to them, this directory is the one for temporary files. */
export default (): (() => Promise<void>) => {
  const earlier = process.env.TMPDIR
  const place = mkdtempSync(join(tmpdir(), 'run-tests-'))
  chmodSync(place, 0o1777) // accounts without any privilege have their labs in it
  process.env.TMPDIR = place
  return async () => {
    for (const dir of labsBelow(place)) await labDown(dir)
    rmSync(place, { recursive: true, force: true })
    if (earlier === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = earlier
  }
}

/** Labs whose test was killed before it could take them down; a site has one in `.run/lab`. */
const labsBelow = (place: string): readonly string[] =>
  readdirSync(place)
    .flatMap(name => [join(place, name, 'lab'), join(place, name, '.run', 'lab')])
    .filter(dir => existsSync(dir))
