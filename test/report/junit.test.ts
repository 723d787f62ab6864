// JUnit's XML, read back by a parser that is not ours.
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import { junitXml } from '../../src/report/index.ts'
import { ended, failedRun, goodRun, stamped, started, unheard } from './story.ts'

const xmllint = (input: string, ...args: readonly string[]) =>
  spawnSync('xmllint', [...args, '-'], { input, encoding: 'utf8' })
const isThere = xmllint('<a/>').error === undefined

const ask = (xml: string, xpath: string): string => {
  const { status, stdout, stderr } = xmllint(xml, '--xpath', xpath)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.trim()
}

const strange = '<b a="1">\u0007\u001b[31m& ]]> \ud800 \uffff\nnext'

const oddRun = (): readonly RunEvent[] =>
  stamped([
    started({ cluster: strange }),
    ended('node1', 'install/mount', { outcome: 'skipped', because: strange }),
    ended('node1', 'install/installer', {
      outcome: 'unknown',
      because: strange,
      problem: { ...unheard, seen: strange },
    }),
    ended('node2', 'install/mount', { outcome: 'failed', because: 'x', ignored: true, problem: unheard }),
    { type: 'step-started', step: 'install/mount', host: 'node3' },
  ])

describe.skipIf(!isThere)('a run as JUnit’s XML (xmllint)', () => {
  it('is a case for each step on each node, by its address', () => {
    const xml = junitXml(goodRun())
    expect(ask(xml, 'count(/testsuites/testsuite)')).toBe('3')
    expect(ask(xml, 'count(//testcase)')).toBe('9')
    expect(ask(xml, 'string(//testsuite[2]/testcase[2]/@name)')).toBe('install/installer@node2')
    expect(ask(xml, 'string(//testsuite[2]/testcase[2]/@time)')).toBe('41.300')
    expect(ask(xml, 'string(/testsuites/@failures)')).toBe('0')
  })

  it('says where each step is written, where the run knew that', () => {
    const places = {
      'install/mount': { file: 'playbooks/install.yml', line: 12 },
      'install/installer': { file: 'a.ts' },
    }
    const xml = junitXml(stamped([started({ places })]))
    const of = (step: string) => `//testcase[@name="${step}@node2"]`
    expect(ask(xml, `concat(${of('install/mount')}/@file, ":", ${of('install/mount')}/@line)`)).toBe(
      'playbooks/install.yml:12',
    )
    expect(ask(xml, `concat(${of('install/installer')}/@file, ":", ${of('install/installer')}/@line)`)).toBe('a.ts:')
    expect(ask(xml, `count(${of('install/uid-conf')}/@file)`)).toBe('0')
  })

  it('has a failure’s problem as it was on the screen, and tells what was not reached', () => {
    const xml = junitXml(failedRun())
    const failure = '//testcase[@name="install/installer@node2"]/failure'
    expect(ask(xml, `string(${failure}/@type)`)).toBe('prompt-unknown')
    expect(ask(xml, `string(${failure})`)).toContain('  help    add the prompt to the dialogue')
    expect(ask(xml, 'concat(/testsuites/@failures, " ", /testsuites/@skipped)')).toBe('1 4')
  })

  it.each([
    ['skipped', 'count(//testcase[@name="install/mount@node1"]/skipped)', '1'],
    ['of unknown end an error', 'count(//testcase[@name="install/installer@node1"]/error)', '1'],
    ['failed and ignored no failure', 'count(//failure)', '0'],
    ['begun without an end an error', 'string(//testcase[@name="install/mount@node3"]/error/@type)', 'no-end'],
  ])('a step that is %s', (_name, xpath, found) => {
    expect(ask(junitXml(oddRun()), xpath)).toBe(found)
  })

  it('is well-formed whatever a node has said', () => {
    expect(ask(junitXml(oddRun()), 'string(//testcase[@name="install/mount@node1"]/skipped/@message)')).toContain(
      '<b a="1">',
    )
  })

  it('tells a node that could not be reached, which belongs to no step', () => {
    const problem = { code: 'host-unreachable', summary: 'node2 cannot be reached', host: 'node2' }
    const counts = { same: 0, changed: 0, 'would-change': 0, skipped: 0, unknown: 0, failed: 0, 'not-reached': 9 }
    const xml = junitXml(
      stamped([
        started(),
        { type: 'host-unreachable', host: 'node2', problem },
        { type: 'run-ended', exitCode: 6, counts, ms: 5 },
      ]),
    )
    expect(ask(xml, 'string(//testcase[@name="host-unreachable@node2"]/failure/@message)')).toBe(problem.summary)
  })
})
