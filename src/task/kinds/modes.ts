// The modes of all that lies at and below a path, links left out: each once, with `d` for directories, `f` for others.
import { z } from 'zod'
import { resource } from '../resource.ts'
import { isBelow } from './paths.ts'

const directoryBit = 0o040000

export const modes = resource<{ modes: string[] }>({
  kind: 'modes',
  schema: z.object({ modes: z.array(z.string()) }),
  ofPath: true,
  presumed: { modes: [] },
  // `%f` is the mode in hexadecimal, its type included.
  read: ($, path) => $`[ ! -e ${path} ] || find ${path} ! -type l -exec stat -c '%f' {} + | sort -u`,
  parse({ stdout }) {
    const each = stdout
      .split('\n')
      .filter(Boolean)
      .map(bits => Number.parseInt(bits, 16))
    return { modes: [...new Set(each.map(told))].sort() }
  },
  covers: ({ key }, { kind, key: other }) =>
    (kind === 'file' || kind === 'inode' || kind === 'modes') && (other === key || isBelow(other, key))
      ? { type: 'unknown' }
      : undefined,
})

const told = (bits: number): string =>
  `${(bits & 0o170000) === directoryBit ? 'd' : 'f'} ${(bits & 0o7777).toString(8).padStart(4, '0')}`
