// Keeps one file there with what a template of the controller makes on this node.
import { absolutePath, controllerTemplate, task, z } from '#task'
import { insteadOnFiles } from './lib/instead.ts'
import { answerOf, lookAtFile, makeFile, placeIn, takeFileBack, writingArgs, written } from './lib/one-file.ts'

export default task({
  name: 'template',
  summary: 'Keep one file there with what a template of this machine makes of the host’s variables',
  example: `
- name: Configuration
  template: { src: agents.conf.j2, dest: /etc/agents.conf, mode: "0640" }
`,
  args: z.strictObject({
    src: controllerTemplate(),
    dest: absolutePath.meta({ description: 'a directory, or with / at its end, takes the name of `src`' }),
    ...writingArgs,
  }),
  result: written,
  inPlaceOf: { assemble: 'write a `template:` step that has all the parts' },
  instead: {
    block_start_string: 'write the template with `{% %}`',
    block_end_string: 'write the template with `{% %}`',
    variable_start_string: 'write the template with `{{ }}`',
    variable_end_string: 'write the template with `{{ }}`',
    comment_start_string: 'write the template with `{# #}`',
    comment_end_string: 'write the template with `{# #}`',
    trim_blocks:
      'remove it where it is true, as it is without it; else write `#jinja2: trim_blocks: False` as the first line of the template',
    lstrip_blocks: 'write `#jinja2: lstrip_blocks: True` as the first line of the template',
    newline_sequence: 'write the line breaks into the template that the file should have',
    output_encoding: 'remove it: files are written in UTF-8',
    follow: 'name the file that the link leads to',
    force: 'write `when:` with what a `stat:` step registers',
    ...insteadOnFiles,
  },

  async check({ world, args }) {
    const path = await placeIn(world, args.dest, args.src)
    return answerOf(path, await lookAtFile(world, { ...args, path, content: args.src.content }))
  },

  async apply(use) {
    return await makeFile(use, { ...use.args, content: use.args.src.content })
  },

  undo: takeFileBack,
})
