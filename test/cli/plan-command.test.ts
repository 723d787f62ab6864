// What was asked for comes back as it was asked, from wherever somebody stands.
import { describe, expect, it } from 'vitest'
import { planCommand, refuse } from '../../src/cli/plan-refusals.ts'
import { askedAgain, requestOf } from '../../src/cli/request.ts'
import { Problem, Problems } from '../../src/model/problem.ts'

const site = '/srv/site'

describe('a request', () => {
  it.each([
    ['a playbook by its name', 'install', {}, { playbook: 'install' }],
    ['a playbook by its file', './install.yml', {}, { playbook: 'below/install.yml' }],
    ['an inventory', 'install', { inventory: '../other.yml' }, { playbook: 'install', inventory: 'other.yml' }],
    ['one outside the site', 'install', { inventory: '/etc/i.yml' }, { playbook: 'install', inventory: '/etc/i.yml' }],
    [
      'variables',
      'install',
      { extraVars: ['a=1', '@v.yml'] },
      { playbook: 'install', extraVars: ['a=1', '@below/v.yml'] },
    ],
    ['a selection', 'install', { only: ['a'], from: 'b' }, { playbook: 'install', only: ['a'], from: 'b' }],
  ])('names %s from the site', (_what, playbook, flags, expected) => {
    expect(requestOf(playbook, flags, { cwd: `${site}/below`, site })).toEqual(expected)
  })

  it('names the same files again with their whole path', () => {
    const request = { playbook: 'below/install.yml', inventory: 'other.yml', extraVars: ['a=1', '@below/v.yml'] }
    expect(askedAgain(request, site)).toEqual({
      playbook: `${site}/below/install.yml`,
      inventory: `${site}/other.yml`,
      extraVars: ['a=1', `@${site}/below/v.yml`],
    })
  })

  it('reads as the command that makes the plan anew, typed from where the user stands', () => {
    const request = {
      playbook: 'below/install.yml',
      inventory: 'other.yml',
      limit: 'node1,node2',
      tags: ['a', 'b'],
      extraVars: ['x=two words', '@below/v.yml'],
    }
    const command = planCommand(request, { file: 'plan.json', site, around: { cwd: `${site}/below` } })
    expect(command).toBe(
      "run plan install.yml -i ../other.yml -l node1,node2 -t a,b -e 'x=two words' -e @v.yml -o plan.json",
    )
  })
})

describe('refusals', () => {
  const problem = (code: string, exit: 3 | 6) => new Problem({ code, summary: code, exit, state: 'whatever' })
  const refused = (...reasons: readonly Problem[]): Problems => {
    try {
      refuse(reasons, 'run plan install -o plan.json')
    } catch (error) {
      if (error instanceof Problems) return error
    }
    throw new Error('it was not refused')
  }

  it('are none where there is no reason', () => {
    expect(() => refuse([], 'run plan')).not.toThrow()
  })

  it('are told at once, what moved first; the last says how things stand and how to go on', () => {
    const { all, exit } = refused(problem('away', 6), problem('moved', 3), problem('late', 3))
    expect(exit).toBe(3)
    expect(all.map(({ code, fields }) => [code, fields.state, fields.then])).toEqual([
      ['moved', undefined, undefined],
      ['late', undefined, undefined],
      ['away', 'nothing was touched', 'run plan install -o plan.json'],
    ])
  })

  it('ask for no other plan where a node cannot be reached: this one can be applied later', () => {
    const { all, exit } = refused(problem('away', 6))
    expect(exit).toBe(6)
    expect(all[0]?.fields.then).toBeUndefined()
  })
})
