// Keeps one file there, with a text of the playbook, a file of the controller, or another file of the node.
import { absolutePath, controllerFile, file, same, shownOrSecret, task, truth, type World, z } from '#task'
import { insteadOnFiles } from './lib/instead.ts'
import { answerOf, lookAtFile, makeFile, placeIn, takeFileBack, writingArgs, written } from './lib/one-file.ts'
import type { Content } from './lib/put-file.ts'

const args = z
  .strictObject({
    dest: absolutePath.meta({
      description: 'where it is kept; a directory, or with / at its end, takes the name of `src`',
    }),
    src: controllerFile({ unless: 'remote_src' }).optional(),
    content: shownOrSecret.optional().meta({ description: 'where it is a secret, only that it changes is shown' }),
    remote_src: truth.default(false).meta({ description: '`src` is a file of the node' }),
    force: truth.default(true).meta({ description: 'where it is false, a file that is there stays as it is' }),
    ...writingArgs,
  })
  .refine(({ src, content }) => (src === undefined) !== (content === undefined), 'either `src` or `content`')

export default task({
  name: 'copy',
  summary: 'Keep one file there, with a text or with what another file holds',
  example: `
- name: Banner
  copy:
    dest: /etc/motd
    content: "{{ inventory_hostname }} belongs to the cluster\\n"
    mode: "0644"
- name: Certificate
  copy: { src: server.pem, dest: /etc/ssl/certs/, owner: root, mode: "0644" }
`,
  programs: {
    cp: 'write `copy: { src: …, dest: …, remote_src: true }`',
    install: 'write `copy: { src: …, dest: …, remote_src: true, mode: … }`',
  },
  args,
  result: written,
  instead: {
    checksum: 'remove it: what is written is looked at again',
    decrypt: 'put the text into an encrypted variable, and write `content:`',
    directory_mode: 'write a `file:` step with `state: directory` for each directory',
    follow: 'name the file that the link leads to',
    local_follow: 'remove it: links on this machine are followed',
    ...insteadOnFiles,
  },

  async check({ world, args, isRegistered }) {
    const path = await pathOf(world, args)
    if (!args.force && (await world.look(file(path))).type !== 'absent') return same(`${path} is there`, { dest: path })
    return answerOf(path, await lookAtFile(world, { ...args, path, content: contentOf(args), isRegistered }))
  },

  async apply(use) {
    return await makeFile(use, { ...use.args, content: contentOf(use.args) })
  },

  undo: takeFileBack,
})

type Args = z.output<typeof args>

const contentOf = ({ src, content }: Args): Content => {
  if (content !== undefined) return content
  return typeof src === 'object' ? src.content : { from: src ?? '' }
}

const pathOf = (world: World, args: Args): Promise<string> | string => {
  const { dest, src } = args
  const name = typeof src === 'object' ? src.name : src
  return name === undefined ? dest : placeIn(world, dest, { name, content: contentOf(args) })
}
