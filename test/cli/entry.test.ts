// The bundle that is loaded for a word has the command of that word, and the other one has all.
import { Command } from 'commander'
import { expect, it } from 'vitest'
import { bundleFor, playingWords } from '../../src/cli/entry/bundles.ts'
import { addPlaybookCommands } from '../../src/cli/playbook-commands.ts'
import type { Surroundings } from '../../src/cli/surroundings.ts'
import { siteOf } from './scratch-site.ts'

it('has the commands that it is chosen for', () => {
  const run = new Command('run')
  addPlaybookCommands(run, {} as Surroundings, async () => {})
  expect(run.commands.map(each => each.name())).toEqual(playingWords)
})

it.each(['playbook', 'step'])('tells of %s what the bundle of all commands tells', async word => {
  expect([bundleFor(word), bundleFor('help'), bundleFor('--help'), bundleFor(undefined)]).toEqual([
    'playing',
    'all',
    'all',
    'all',
  ])
  const run = siteOf()
  const [alone, amongAll] = await Promise.all([run(word, '--help'), run('help', word)])
  expect(alone.stdout).toContain(`Usage: run ${word} `)
  expect(alone).toEqual(amongAll)
})
