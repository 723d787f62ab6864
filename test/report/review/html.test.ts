import { describe, expect, it } from 'vitest'
import { reviewHtml, reviewOf } from '../../../src/report/index.ts'
import { canary, plan } from './a-plan.ts'
import { mixedRun } from './a-run.ts'
import { textOf } from './html-text.ts'

const pages: readonly [name: string, html: string][] = [
  ['a review', reviewHtml(reviewOf(plan, { file: 'plan.json' }))],
  ['a report', reviewHtml(reviewOf(plan, { file: 'plan.json', events: mixedRun() }))],
]

const unescaped = (text: string) => text.match(/<(?!\/?[a-z][a-z0-9]*[\s>]|!doctype )/gi) ?? []

describe.each(pages)('%s as HTML', (_name, html) => {
  const text = textOf(html)

  it('has every step of the plan, on every node', () => {
    for (const { step, host } of plan.body.steps) {
      expect(text).toContain(step)
      expect(text).toContain(host)
    }
  })

  it('has every line of every diff', () => {
    const texts = plan.body.steps.flatMap(({ changes }) =>
      changes.flatMap(({ kind, after }) =>
        kind === 'text' && typeof after === 'object' && after !== null && 'text' in after ? [String(after.text)] : [],
      ),
    )
    expect(texts).toHaveLength(4)
    for (const line of texts.flatMap(one => one.split('\n')).filter(Boolean)) expect(text).toContain(`+${line}\n`)
    expect(text).toContain('\\ No newline at end of file')
    expect(text).toContain('-root␍')
  })

  it('has every prompt and answer', () => {
    for (const { given } of plan.body.steps)
      for (const { expect: asked, answer } of given?.prompts ?? []) {
        expect(text).toContain(asked)
        expect(text).toContain(answer)
      }
  })

  it('shows what a file holds as text, and runs nothing of it', () => {
    expect(text).toContain(canary)
    expect(html).not.toContain('<img')
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(unescaped(html)).toEqual([])
  })

  it('asks nobody for anything: no link leads outside, and its own rules forbid to fetch', () => {
    for (const tag of html.match(/<[^>]+>/g) ?? [])
      expect(tag).not.toMatch(/ (?:src|srcset|action|data|poster|style|on\w+)=/)
    expect(html).not.toMatch(/url\(|@import|https?:/)
    for (const [, target = ''] of html.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^#/)
    expect(html).toContain(`content="default-src 'none'; style-src 'sha256-`)
  })

  it('leads each of its links to a place of its own, each place once', () => {
    const places = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(places).size).toBe(places.length)
    for (const [, target] of html.matchAll(/href="#([^"]*)"/g)) expect(places).toContain(target)
  })
})
