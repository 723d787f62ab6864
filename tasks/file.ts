// Keeps one file or directory there as wanted: content, owner, group, mode; or keeps it away.
import {
  absolutePath,
  change,
  differs,
  directoryOwners,
  type FileValue,
  file,
  fileMode,
  groupName,
  type HostDollar,
  owners,
  Problem,
  same,
  task,
  text,
  userName,
  z,
} from '#task'

const args = z
  .strictObject({
    path: absolutePath,
    state: z.enum(['file', 'directory', 'absent']).default('file'),
    content: z.string().optional(),
    owner: userName.default('root'),
    group: groupName.default('root'),
    mode: fileMode.optional(),
    recurse: z
      .union([z.boolean(), z.literal('directories')])
      .default(false)
      .meta({ description: 'owner and group also of all that lies below, or of the directories alone' }),
  })
  .refine(({ state, recurse }) => !recurse || state === 'directory', 'only a directory has something below it')
  .refine(({ state, content }) => content === undefined || state === 'file', 'only a file has content')

export default task({
  name: 'file',
  summary: 'Keep one file or directory there with content, owner, group and mode, or keep it away',
  args,

  async check({ world, args: { path, state, content, owner, group, mode, recurse } }) {
    const seen = await world.look(file(path))
    if (state === 'absent')
      return seen.type === 'absent'
        ? same(`${path} is not there`)
        : differs(change(file(path), seen, { type: 'absent' }))
    if (seen.type !== 'absent' && seen.type !== state) throw occupied(path, seen, state)
    const wanted = { type: state, owner, group, mode: mode ?? modeOf(seen, state) }
    const ofPath = isSameFile(seen, wanted) ? [] : [change(file(path), seen, wanted)]
    const ofContent = content === undefined ? [] : await contentChanges()
    const ofTree = recurse === false ? [] : await ownerChanges(recurse === 'directories' ? directoryOwners : owners)
    const changes = [...ofPath, ...ofContent, ...ofTree]
    return changes.length === 0 ? same(`${path} is there as it should be`) : differs(...changes)

    async function contentChanges() {
      const before = await world.look(text(path))
      const after = { type: 'text' as const, text: content ?? '' }
      return before.type === 'text' && before.text === after.text ? [] : [change(text(path), before, after)]
    }

    async function ownerChanges(kind: typeof owners) {
      const below = await world.look(kind(path))
      // The directory is one of its tree, also where an earlier step has yet to make it.
      const before = { pairs: [...new Set([...ownerOf(seen), ...below.pairs])].sort() }
      const after = { pairs: [`${owner}:${group}`] }
      return before.pairs.every(pair => pair === after.pairs[0]) ? [] : [change(kind(path), before, after)]
    }
  },

  async apply({ $, args: { path, state, owner, group, mode, recurse }, changes }) {
    if (state === 'absent') {
      await $`if [ -d ${path} ] && [ ! -L ${path} ]; then rmdir ${path}; else rm -f ${path}; fi`
      return
    }
    for (const { kind, after } of changes) if (kind === 'text' && 'text' in after) await writeText($, path, after.text)
    if (state === 'directory') await $`mkdir -p ${path}`
    else await $`[ -e ${path} ] || : >${path}`
    if (recurse === true) await $`chown -R ${owner}:${group} ${path}`
    else if (recurse === 'directories') await $`find ${path} -type d -exec chown ${owner}:${group} {} +`
    else await $`chown ${owner}:${group} ${path}`
    const wanted = mode ?? changes.map(({ after }) => ('mode' in after ? after.mode : undefined)).find(Boolean)
    if (wanted) await $`chmod ${wanted} ${path}`
  },

  async undo({ $, args: { path }, changes }) {
    for (const { kind, before } of changes.toReversed()) {
      if (kind === 'text' && 'text' in before) await writeText($, path, before.text)
      if (kind === 'owners' || kind === 'directory-owners') await giveBack($, path, before)
      if (kind !== 'file') continue
      if ('mode' in before) await $`chown ${before.owner}:${before.group} ${path} && chmod ${before.mode} ${path}`
      // A directory is only removed when nobody has put anything into it.
      else if ('type' in before && before.type === 'absent')
        await $`if [ -d ${path} ]; then rmdir ${path}; else rm -f ${path}; fi`
    }
  },
})

/** Who owned what is known only where all belonged to one. */
const giveBack = async ($: HostDollar, path: string, before: object): Promise<void> => {
  const [pair, ...others] = 'pairs' in before && Array.isArray(before.pairs) ? before.pairs : []
  if (typeof pair === 'string' && others.length === 0) await $`chown -R ${pair} ${path}`
}

const defaultMode = { file: '0644', directory: '0755' } as const

const modeOf = (seen: FileValue, state: 'file' | 'directory'): string =>
  seen.type === state ? seen.mode : defaultMode[state]

const ownerOf = (seen: FileValue): readonly string[] => ('owner' in seen ? [`${seen.owner}:${seen.group}`] : [])

const isSameFile = (seen: FileValue, wanted: FileValue): boolean =>
  seen.type === wanted.type &&
  'owner' in seen &&
  'owner' in wanted &&
  seen.owner === wanted.owner &&
  seen.group === wanted.group &&
  seen.mode === wanted.mode

/** Written beside it and moved there, so that nobody reads half of it; with the mode and owner of the one before. */
const writeText = async ($: HostDollar, path: string, content: string): Promise<void> => {
  const next = `${path}.run-new`
  await $({
    input: content,
  })`umask 077 && cat >${next} && if [ -f ${path} ]; then chmod "$(stat -c %a ${path})" ${next} && chown "$(stat -c %u:%g ${path})" ${next}; fi && mv -f ${next} ${path}`
}

const occupied = (path: string, seen: FileValue, state: string): Problem =>
  new Problem({
    code: 'path-occupied',
    summary: `${path} is there, but is no ${state}`,
    seen: seen.type,
    wanted: state,
    help: `look at it (\`ls -ld ${path}\`), then move it away or choose another \`path:\``,
  })
