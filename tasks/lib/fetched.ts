// A file that was brought to the controller: where it lies, what it holds, and how it comes there.
import { type HostDollar, Problem, resource, z } from '#task'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('link') }),
  z.object({ type: z.literal('other') }),
  z.object({ type: z.literal('sum'), crc: z.string(), bytes: z.number() }),
])

export type Fetched = z.infer<typeof schema>

/** Where it lies: `within` is named by the playbook alone, and what stands behind it never leads out of it. */
export type Spot = { readonly within: string; readonly path: string }

const border = '/./'

/** As rsync has it: what stands behind `/./` is made, and the way there leads through no link. */
export const keyOf = ({ within, path }: Spot): string => `${within.replace(/\/$/, '')}${border}${path}`

const spotOf = (key: string): Spot => {
  const at = key.lastIndexOf(border)
  return { within: key.slice(0, at) || '/', path: key.slice(at + border.length) }
}

/** Says `link` and ends, where the way to it leads through one: somebody could have it lead anywhere. */
const walk = 'at=.; for part do at=$at/$part; if [ -L "$at" ]; then echo link; exit; fi; done'

export const fetched = resource<Fetched>({
  kind: 'fetched',
  schema,
  ofController: true,
  read: ($, key) => {
    const { within, path } = spotOf(key)
    const look = `${walk}; if [ -f "$at" ]; then cksum <"$at"; elif [ -e "$at" ]; then echo other; else echo absent; fi`
    return $`if [ -d ${within} ]; then cd -- ${within} && sh -c -- ${look} look ${path.split('/')}; else echo absent; fi`
  },
  parse({ stdout }) {
    const said = stdout.trim()
    if (said === 'absent' || said === 'link' || said === 'other') return { type: said }
    const [, crc, bytes] = /^(\d+)\s+(\d+)$/.exec(said) ?? []
    return crc === undefined ? undefined : { type: 'sum', crc, bytes: Number(bytes) }
  },
})

/** A part of a file is a command's output, which has a limit. */
const partBytes = 1024 * 1024

type Way = { readonly from: HostDollar; readonly to: HostDollar }

/**
 * Brings it part by part, beside its place first, and readable for whoever runs this alone: it may be root's over there.
 *
 * @param copy What it should be: a node that sends more, or something else, is not believed.
 * @throws {Problem} `fetched-in-part`
 */
export const fetchFile = async ({ from, to }: Way, src: string, copy: Copy): Promise<void> => {
  const { within, path } = spotOf(copy.key)
  const wanted = schema.parse(copy.after)
  if (wanted.type !== 'sum') return
  const [at, next] = [`./${path}`, `./${path}.run-new`]
  await to`umask 077 && mkdir -p -- ${within} && cd -- ${within} && mkdir -p -- "$(dirname -- ${at})" && rm -f ${next} && set -C && : >${next}`
  for (let part = 0; part * partBytes < wanted.bytes; part += 1)
    await to({ input: await partOf(from, src, part) })`cd -- ${within} && cat >>${next}`
  const here = (await to`cd -- ${within} && cksum <${next}`).stdout.trim()
  if (here === `${wanted.crc} ${wanted.bytes}`)
    await to`cd -- ${within} && if [ -f ${at} ]; then chmod "$(stat -c %a ${at})" ${next}; fi && mv -f ${next} ${at}`
  else {
    await to`cd -- ${within} && rm -f ${next}`
    throw notWhole(src, { here, there: `${wanted.crc} ${wanted.bytes}` })
  }
}

type Copy = { readonly key: string; readonly after: unknown }

const partOf = async ($: HostDollar, src: string, part: number): Promise<Buffer> => {
  const { stdout } = await $`dd if=${src} bs=${partBytes} skip=${part} count=1 2>/dev/null | od -An -v -tx1`
  return Buffer.from(stdout.replace(/\s+/g, ''), 'hex')
}

const notWhole = (src: string, { there, here }: { readonly there: string; readonly here: string }): Problem =>
  new Problem({
    code: 'fetched-in-part',
    summary: `${src} is not on this machine as it is on the node`,
    seen: `${here} came (by \`cksum\`)`,
    wanted: `${there}, as it was looked at`,
    state: 'nothing on this machine was changed',
    help: 'see whether something writes to it: fetch it when that is over, or copy it on the node first',
  })
