// Keeps a copy of a node's file on the controller.
import {
  type Answer,
  absolutePath,
  change,
  checksum,
  controllerPlace,
  differs,
  file,
  Problem,
  same,
  task,
  truth,
  z,
} from '#task'
import { md5, sha1 } from './lib/digests.ts'
import { fetched, fetchFile, keyOf, type Spot } from './lib/fetched.ts'
import { followed } from './lib/links.ts'

const args = z.strictObject({
  src: absolutePath.refine(path => !/(?:^|\/)\.?$/.test(path), 'the path of a file'),
  dest: controllerPlace().meta({
    description: 'a folder of the controller, in which it lies below the name of the node and its own path',
  }),
  flat: truth.default(false).meta({ description: '`dest` is the file itself; with / at its end, the folder for it' }),
  fail_on_missing: truth.default(true),
})

type Args = z.output<typeof args>

export default task({
  name: 'fetch',
  summary: "Keep a copy of a node's file on the controller",
  example: `
- name: Log of the node
  fetch: { src: /var/log/messages, dest: fetched }
- name: Configuration, by the name of the node
  fetch: { src: /etc/ntp.conf, dest: "fetched/{{ inventory_hostname }}.conf", flat: true, fail_on_missing: false }
`,
  args,
  result: z.object({
    dest: z.string().optional().meta({ description: 'where it lies on the controller' }),
    checksum: z.string().optional().meta({ description: 'SHA-1' }),
    md5sum: z.string().optional(),
    file: z.string().meta({ description: 'its path on the node' }),
    msg: z.string().optional().meta({ description: 'where it is not there, and that is no failure' }),
  }),
  instead: { validate_checksum: 'remove it: what was brought is compared' },

  async check({ world, args }): Promise<Answer> {
    const src = await followed(world, args.src)
    const seen = await world.look(file(src))
    if (seen.type === 'absent' && !args.fail_on_missing)
      return same(`${src} is not there`, { file: args.src, msg: 'the remote file does not exist, ignored' })
    if (seen.type !== 'file') throw noFile(args.src, seen.type)
    const key = keyOf(spotFor(world.host, args))
    const [wanted, here, ofSha1, ofMd5] = await Promise.all([
      world.look(checksum(src)),
      world.look(fetched(key)),
      world.look(sha1(src)),
      world.look(md5(src)),
    ])
    if (here.type === 'link' || here.type === 'other') throw inTheWay(key, here.type)
    const result = { dest: key.replace('/./', '/'), checksum: ofSha1.sum, md5sum: ofMd5.sum, file: args.src }
    if (JSON.stringify(here) === JSON.stringify(wanted)) return same(`${result.dest} holds the same`, result)
    return { ...differs(change(fetched(key), here, wanted)), result }
  },

  async apply({ $, controller, args, changes: [copy], world }) {
    const src = await followed(world, args.src)
    if (copy) await fetchFile({ from: $, to: controller }, src, copy)
  },
})

const spotFor = (host: string, { src, dest, flat }: Args): Spot => {
  const [folder, name] = [dest.slice(0, dest.lastIndexOf('/') + 1), dest.slice(dest.lastIndexOf('/') + 1)]
  if (flat) return { within: folder || '.', path: name || src.slice(src.lastIndexOf('/') + 1) }
  if (/^\.{0,2}$|\//.test(host)) throw noFolder(host)
  return { within: dest, path: `${host}${src.replace(/\/+(?:\.\/+)*/g, '/')}` }
}

const noFile = (src: string, seen: string): Problem =>
  new Problem({
    code: 'path-absent',
    summary: `${src} is no file, so it cannot be fetched`,
    seen: seen === 'absent' ? 'nothing' : seen,
    wanted: 'a file on the node',
    help: 'correct `src:`; pack a directory on the node first; or write `fail_on_missing: false`',
  })

const noFolder = (host: string): Problem =>
  new Problem({
    code: 'host-no-folder',
    summary: `\`${host}\` cannot be the name of a folder on this machine`,
    wanted: 'a name of a node without `/`',
    help: 'write `flat: true`, with a `dest:` for each node',
  })

const inTheWay = (key: string, seen: 'link' | 'other'): Problem =>
  new Problem({
    code: 'controller-occupied',
    summary: `Nothing is written to ${key.replace('/./', '/')} on this machine`,
    seen: seen === 'link' ? 'a link on the way to it, or in its place' : 'something other than a file',
    wanted: 'nothing, or a file, in folders that are no links',
    state: 'nothing was written',
    help: 'move away what is there, or name another `dest:`',
  })
