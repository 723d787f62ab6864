// `run docs`: the tasks that a playbook can name here, those of the site among them.
import { expect, it } from 'vitest'
import { readText } from '../docs/pages.ts'
import { refusal, siteOf } from './scratch-site.ts'

const own = `import { same, task, z } from '#task'
export default task({
  name: 'greeting',
  summary: 'Keep a greeting there',
  args: z.strictObject({ words: z.string().meta({ description: 'what it says' }) }),
  async check() { return same('it is there') },
  async apply() {},
})
`

it('lists the site’s own with those that are shipped, and tells each', async () => {
  const run = siteOf({ 'tasks/greeting.ts': own })
  const [list, page, markdown] = await Promise.all([
    run('docs'),
    run('docs', 'greeting'),
    run('docs', 'ansible.builtin.slurp', '--format', 'md'),
  ])
  expect(list.stdout).toContain('  greeting          Keep a greeting there\n')
  expect(list.stdout).toContain('  copy              Keep one file there')
  expect(page).toEqual({
    status: 0,
    stdout: 'greeting\nKeep a greeting there.\n\nArguments\n  words             a text, needed — what it says\n',
    stderr: '',
  })
  expect(markdown.stdout).toContain('| `src` | absolute path | needed | also `path` |')
})

it('says what was meant by one that is not there', async () => {
  expect(refusal(await siteOf()('docs', 'cpoy'))).toMatch(/There is no task `cpoy`[\s\S]*did you mean `copy`\?/)
})

it('prints a page that help and problems name, wherever the program is installed', async () => {
  const run = siteOf()
  const [list, page, named] = await Promise.all([run('docs'), run('docs', 'lint'), run('docs', 'docs/lint.md')])
  expect(list.stdout).toMatch(/\nPages, such as `run docs lint`\n[\s\S]* {2}exit-codes\n/)
  expect(page).toEqual({ status: 0, stdout: readText('docs/lint.md'), stderr: '' })
  expect(named).toEqual(page)
})
