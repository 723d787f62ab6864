// How a file comes to its place, leaves it, and comes back.
import {
  type FileValue,
  type HostDollar,
  LargeFile,
  longestInline,
  type Part,
  Problem,
  part,
  quote,
  readingGiven,
  Secret,
  type SourceFile,
} from '#task'
import { dressing, dressingMade, isMine, type Owned, umaskFor } from './dressing.ts'
import { fetchContent, keepContent, removeParents } from './kept.ts'

/** A text, a secret, bytes; or what another file of the node holds. */
export type Content = SourceFile['content'] | { readonly from: string }

export type Placing = {
  readonly path: string
  readonly content: Content
  /** Of the one before unless told; a file that is new belongs to who makes it, and to nobody else. */
  readonly owned?: Owned | undefined
  /** A command that has to end well before the file is put there; `%s` in it is the file. */
  readonly validate?: string | undefined
  /** A copy of the one before stays beside it. */
  readonly backup?: boolean | undefined
}

/**
 * Written beside its place and moved there, so that nobody reads half of it, and with its owner and mode from the start;
 * only what all may read has its mode from the umask, and where its directory says otherwise, right after.
 *
 * @returns The path of the backup, where one was made.
 * @throws {Problem} `content-refused` where `validate` does not end well.
 */
export const putFile = async ($: HostDollar, { path, content, owned, validate, backup }: Placing) => {
  const next = `${path}.run-new`
  const umask = umaskOf({ content, owned })
  const [given, writing] = writingOf(content, { next, umask })
  const dressed = owned && umask ? dressingMade(next, owned) : dressingNext(path, owned)
  const moved = part`exec mv -f ${next} ${path}`
  const isAtOnce = validate === undefined && !backup && isWhole(content)
  const rest = isAtOnce ? part`${dressed} && ${moved}` : dressed
  if (content instanceof LargeFile) {
    const { stdout } = await $(given)`${writing} && ${ifAllCame(content, { next, rest })}`
    assertAllCame(content, { path, told: stdout })
  } else await $(given)`${writing} && ${rest}`
  if (isAtOnce) return undefined
  if (validate !== undefined) await assertTaken($, validate, { path, next })
  const kept = backup ? await keepBackup($, path) : undefined
  await $`${moved}`
  return kept
}

/**
 * Whether it stands in the command itself, lies on the node already, or the node knows its sum. What else is read beside
 * the command ends where the connection does: it is moved to its place when the node has said that all of it came.
 */
const isWhole = (content: Content): boolean => isInline(content) || isOnNode(content) || content instanceof LargeFile

const isInline = (content: Content): content is string =>
  typeof content === 'string' && content.length <= longestInline && !content.includes('\0')

const isOnNode = (content: Content): content is { readonly from: string } =>
  typeof content === 'object' && 'from' in content

type Arriving = { readonly next: string; readonly rest: Part }

/** What came is read again where it lies, and its sum told. Where it is another one, nothing of it stays. */
const ifAllCame = ({ sums: { crc, bytes } }: LargeFile, { next, rest }: Arriving): Part =>
  part`set -- $(cksum <${next}) && echo "$1 $2" && if [ "$1 $2" = ${`${crc} ${bytes}`} ]; then ${rest}; else rm -f ${next}; fi`

/** @throws {Problem} `file-changed` */
const assertAllCame = (
  { path: source, sums: { crc, bytes } }: LargeFile,
  { path, told }: { readonly path: string; readonly told: string },
): void => {
  const [seen, wanted] = [told.trim(), `${crc} ${bytes}`]
  if (seen === wanted) return
  throw new Problem({
    code: 'file-changed',
    summary: `${source} is another file now than when the playbook was read`,
    seen: `${seen} (cksum)`,
    wanted,
    state: `${path} is as it was`,
    help: 'see that nobody writes it meanwhile, then run it again',
  })
}

/** A text that the shell writes may have its mode from the start. */
const umaskOf = ({ content, owned }: Pick<Placing, 'content' | 'owned'>): string | undefined =>
  owned && isInline(content) ? umaskFor(owned) : undefined

/** Whether its mode is what the directory makes of it: one with a default ACL has its own say. */
export const isAsMade = (placing: Pick<Placing, 'content' | 'owned'>): boolean => umaskOf(placing) !== undefined

type Next = { readonly next: string; readonly umask: string | undefined }

/**
 * How it is written, from a file of the node or as it is given: `set -C` makes the file anew or fails, so in a directory
 * of another user nobody can put a link there. The shell itself writes a text, and says little where it cannot: what
 * lies there is taken away then, and a program says why.
 */
const writingOf = (content: Content, { next, umask = '077' }: Next) => {
  if (isInline(content))
    return [
      { input: content },
      part`${readingGiven}umask ${umask} && set -C && { { printf %s "$given" >${next}; } 2>/dev/null || { rm -f ${next} && printf %s "$given" | cat >${next}; }; }`,
    ] as const
  const anew = part`umask 077 && rm -f ${next} && set -C`
  if (isOnNode(content)) return [{}, part`${anew} && cat ${content.from} >${next}`] as const
  return [{ input: inputOf(content) }, part`${anew} && cat >${next}`] as const
}

const inputOf = (content: SourceFile['content']) =>
  typeof content === 'string' || content instanceof Secret || content instanceof LargeFile
    ? content
    : Buffer.from(content.base64, 'base64')

/**
 * As wanted, or with the owner and mode of the one before; never with one and then the other, since whoever may read the
 * one before may have no business with this one.
 */
const dressingNext = (path: string, owned: Owned | undefined): Part => {
  const next = `${path}.run-new`
  if (owned) return dressing(next, owned)
  return part`if [ -f ${path} ]; then as=$(stat -c '%u:%g %a' ${path}) && { ${isMine(path)} && ${isMine(next)} || chown "\${as% *}" ${next}; } && chmod "\${as#* }" ${next}; fi`
}

/** Named as Ansible names it, after the process and the time. */
const keepBackup = async ($: HostDollar, path: string): Promise<string | undefined> => {
  const backup =
    await $`if [ -f ${path} ]; then to=${path}.$$.$(date '+%Y-%m-%d@%H:%M:%S')~ && cp -p ${path} "$to" && echo "$to"; fi`
  return backup.stdout.trim() || undefined
}

type Refusable = { readonly path: string; readonly next: string }

const assertTaken = async ($: HostDollar, validate: string, { path, next }: Refusable): Promise<void> => {
  const command = validate.replaceAll('%s', quote(next))
  const { exitCode, stdout, stderr } = await $({ nothrow: true })`sh -c -- ${command}`
  if (exitCode === 0) return
  await $`rm -f ${next}`
  throw new Problem({
    code: 'content-refused',
    summary: `What ${path} should hold was refused by the command that looks at it`,
    seen: [`exit status ${exitCode}`, (stderr || stdout).trim().slice(-500)].filter(Boolean).join('\n'),
    wanted: `\`${validate}\` ends with 0`,
    state: `${path} is as it was`,
    help: 'mend the content, or the command after `validate:`',
  })
}

/** What it held before it was changed or taken away. */
export const bringBack = async (
  $: HostDollar,
  { path, owned }: Pick<Placing, 'path' | 'owned'>,
  kept: string,
): Promise<void> => {
  await fetchContent($, `${path}.run-new`, kept)
  await $`${dressingNext(path, owned)} && exec mv -f ${`${path}.run-new`} ${path}`
}

/** Takes it away, a directory only when it is empty. What a file held is put aside first. */
export const removeFile = async ($: HostDollar, path: string, kept: string): Promise<void> => {
  if ((await $({ nothrow: true })`[ -f ${path} ] && [ ! -L ${path} ]`).exitCode === 0) await keepContent($, path, kept)
  await remove($, path)
}

const remove = async ($: HostDollar, path: string): Promise<void> => {
  await $`if [ -d ${path} ] && [ ! -L ${path} ]; then rmdir ${path}; else rm -f ${path}; fi`
}

type There = { readonly path: string; readonly before: FileValue; readonly isGone: boolean }

/** What stood there: nothing, a file with what it held, an empty directory, a link; or the same, with others' rights. */
export const putBack = async ($: HostDollar, { path, before, isGone }: There, kept: string): Promise<void> => {
  if (before.type === 'absent') {
    await remove($, path)
    await removeParents($, kept)
  }
  if (before.type === 'link') await $`rm -f ${path} && ln -s -- ${before.target} ${path}`
  if (isGone && before.type === 'directory') await $`mkdir ${path}`
  if (isGone && before.type === 'file') await bringBack($, { path }, kept)
  if ('mode' in before) await $`chown -- ${before.owner}:${before.group} ${path} && chmod 0${before.mode} ${path}`
}
