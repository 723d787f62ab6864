// Who types nothing, or asks for help, is told what there is.
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { narrowHelp } from '../../src/cli/command-line.ts'
import { siteOf } from './scratch-site.ts'

it('without a word tells what there is, and ends as input that is not whole', async () => {
  const run = siteOf()
  const [bare, asked] = await Promise.all([run(), run('--help')])
  expect(asked).toMatchObject({ status: 0, stderr: '' })
  expect(bare).toEqual({ status: 2, stdout: '', stderr: asked.stdout })
  expect(asked.stdout).toMatchInlineSnapshot(`
    "Usage: run [options] [command]

    Carry out runbooks on clusters over SSH

    Options:
      -V, --version                     output the version number
      -h, --help                        display help for command

    Commands:
      playbook [options] <name>         carry out a playbook, or with --dry-run tell
                                        what it would do
      step [options] <playbook/step>    carry out one step again, with the holds
                                        that it needs
      doctor [options]                  look at all nodes side by side and change
                                        nothing: what is wrong, what a site has
                                        (docs/doctor.md)
      worksheet [options] <inventory>   ask for the values of a site, check each as
                                        it is typed, write its inventory
                                        (docs/worksheet.md)
      record [options] <playbook/step>  carry out one step, answer its program by
                                        hand, and make a dialogue of what was typed
      plan [options] <name>             write down what a playbook would do, to be
                                        reviewed and applied
      apply [options] <plan>            do what a plan says, if the world is still
                                        as it was
      review [options] [plan]           write a plan as a document to agree to; with
                                        --run, planned against done
      resume [options] [run]            go on with a run that did not end well
      undo [options] <run>              take back what a run changed, in reverse
                                        order; with --dry-run tell what that would
                                        do
      history [options]                 list the runs that are kept here, newest
                                        first
      report [options] [run]            tell again what happened in a run
      inventory                         hosts, groups, order and variables, as they
                                        are written
      explain                           where a value is from, and what a step would
                                        be given
      lock                              who has a cluster: one run at a time may
                                        change it
      lab                               a cluster of nodes on this machine, to try
                                        things on
      new                               begin something new from a sample that works
      docs [options] [task]             what tasks there are, what each takes and
                                        gives, and how it is written
      schema [options] <kind>           a JSON Schema of what you write, for your
                                        editor (docs/editor.md)
      completion <shell>                completion of commands, playbooks, steps and
                                        hosts for your shell: \`source <(run
                                        completion bash)\`
      lint [options] [playbooks...]     tell what is wrong or doubtful in playbooks,
                                        and connect to nothing (docs/lint.md)
      vault                             encrypt and decrypt files and values, as
                                        ansible-vault does
      help [command]                    display help for command

    Examples:
      run playbook install --dry-run             tell what would change, and change nothing
      run playbook install                       do it; what is done already is left alone
      run step install/installer --host node2    one step on one node, again
      run lab up                                 a cluster on this machine, to try it on

    It ends with 0 when all is as wanted, 1 when a step failed, 2 when the input is wrong (docs/exit-codes.md has them all).
    "
  `)
})

it.each(['playbook', 'step', 'lab', 'new'])(
  'run %s --help describes the command and each of its words',
  async command => {
    const { status, stdout, stderr } = await siteOf()(command, '--help')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^Usage: run ${command} `))
    const words = stdout.split('\n').filter(line => /^ {2}\S/.test(line))
    for (const line of words) expect(line).toMatch(/^ {2}\S.*? {2,}\S/)
  },
)

it.each([
  [40, ['  --only <steps>', '      one word behind the other, and', '      then some more']],
  [80, ['  --only <steps>  one word behind the other, and then some more']],
])('a terminal of %i columns has what a word means where there is room for it', (columns, lines) => {
  const command = new Command('run')
    .helpOption(false)
    .option('--only <steps>', 'one word behind the other, and then some more')
    .configureHelp(narrowHelp)
    .configureOutput({ getOutHelpWidth: () => columns })
  expect(command.helpInformation().trimEnd().split('\n').slice(3)).toEqual(lines)
})

it('a time that is the default is told as one types it', async () => {
  const { stdout } = await siteOf()('plan', '--help')
  expect(stdout.replace(/\s+/g, ' ')).toContain('such as 30m or 8h (default: 24h)')
})

it('--version is the version alone', async () => {
  expect(await siteOf()('--version')).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  })
})

describe('--confirm', () => {
  it.each([
    [['playbook', 'site', '--confirm'], 5, 'error[nobody-to-ask] --confirm asks before each step'],
    [['step', 'site/mount-point', '--confirm', '--yes'], 5, 'nothing was begun'],
    [['playbook', 'site', '--confirm', '--dry-run'], 2, 'error[flags-apart]'],
  ])('%j is refused before anything is read', async (command, status, text) => {
    const refused = await siteOf()(...command)
    expect(refused).toMatchObject({ status, stdout: '' })
    expect(refused.stderr).toContain(text)
  })
})

describe('a run on nodes that are no lab’s', () => {
  it('is not begun without a terminal or --yes: it waits for a person', async () => {
    const { status, stderr } = await siteOf()('playbook', 'site')
    expect(status).toBe(5)
    expect(stderr).toMatchInlineSnapshot(`
      "error[not-confirmed] Nobody said that this cluster may be changed
        seen    site on cluster msgr1 (inventory.yml): ada → bob
        state   nothing was touched
        help    look at a dry run first (--dry-run), then run it from a terminal, or with --yes
      "
    `)
  })
})
