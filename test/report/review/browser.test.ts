// The page in a real browser: it runs nothing of what it shows, folds, fits a narrow screen, and prints whole.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { reviewHtml, reviewOf } from '../../../src/report/index.ts'
import { canary, loadScript, plan } from './a-plan.ts'
import { mixedRun } from './a-run.ts'
import { textOf } from './html-text.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const isThere = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

const dir = mkdtempSync(join(tmpdir(), 'run-review-'))
afterAll(() => rmSync(dir, { recursive: true }))

/** No name is resolved, and nothing is fetched in the background. */
const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND',
]

let profiles = 0
const browse = (html: string, ...flags: readonly string[]): string => {
  const file = join(dir, `page-${profiles}.html`)
  writeFileSync(file, html)
  const profile = `--user-data-dir=${join(dir, `profile-${profiles++}`)}`
  const { status, stdout } = spawnSync('chromium', [...quiet, profile, ...flags, `file://${file}`], {
    encoding: 'utf8',
    timeout: 50_000,
    maxBuffer: 1 << 26,
  })
  expect(status).toBe(0)
  return stdout
}

const html = reviewHtml(reviewOf(plan, { file: 'plan.json', events: mixedRun() }))

/** The page with a script of the test's own behind it, which its rules have to let in. */
const withScript = (page: string, script: string): string =>
  page
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
    .replace('</body>', `<script>${script}</script></body>`)

describe.skipIf(!isThere('chromium'))('in Chromium (skipped where `chromium` is not installed)', () => {
  it('shows its text as it is, runs its own script, and nothing of what a file holds', () => {
    const dom = browse(html, '--dump-dom')
    expect(dom).toContain('<title>Change report: install on msgr1</title>')
    expect(dom).toContain('<div class="tools">')
    expect(textOf(dom)).toContain(canary)
  })

  it('is barred by its own rules from fetching and from running what is not its own', () => {
    const hostile = html.replace(
      '</main>',
      '<p id="probe">as it was</p><script>document.getElementById("probe").textContent = "ran"</script></main>',
    )
    expect(browse(hostile, '--dump-dom')).toContain('<p id="probe">as it was</p>')
    expect(browse(withScript(hostile, ''), '--dump-dom'), 'without its rules').toContain('<p id="probe">ran</p>')
  })

  it('opens and closes its folds by button', () => {
    const count = `
      const open = () => document.querySelectorAll('details[open]').length
      const [all, none] = document.querySelectorAll('button')
      const seen = [document.querySelectorAll('details').length]
      all.click(); seen.push(open()); none.click(); seen.push(open())
      document.title = seen.join(' ')`
    const [, total, opened, closed] =
      browse(withScript(html, count), '--dump-dom').match(/<title>(\d+) (\d+) (\d+)</) ?? []
    expect(Number(total)).toBeGreaterThan(10)
    expect([opened, closed]).toEqual([total, '0'])
  })

  it.each([1400, 800, 390])('fits a screen of %i pixels: what is wider scrolls by itself', width => {
    const measure = 'document.title = document.documentElement.scrollWidth + " " + document.documentElement.clientWidth'
    // A window is at least 500 pixels wide, a frame as wide as it is told.
    const frame = `<!doctype html><title></title><iframe width="${width}" height="600" srcdoc="${withScript(html, `${measure}; parent.document.title = document.title`).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`
    const [, needed, given] =
      browse(frame, '--dump-dom', '--virtual-time-budget=2000').match(/<title>(\d+) (\d+)</) ?? []
    expect(Number(given)).toBeGreaterThan(width - 40)
    expect(Number(needed)).toBeLessThanOrEqual(Number(given))
  })

  describe.skipIf(!isThere('pdftotext'))('on paper (skipped where `pdftotext` is not installed)', () => {
    it('hides nothing, not what is closed on the screen', () => {
      const pdf = join(dir, 'page.pdf')
      browse(html, '--no-pdf-header-footer', `--print-to-pdf=${pdf}`)
      const text = spawnSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' }).stdout
      for (const line of loadScript) expect(text).toContain(`+${line}`)
      for (const { step } of plan.body.steps) expect(text).toContain(step)
      expect(text).toContain('Done.')
      expect(text).toMatch(/Plan [0-9a-f]{12} +1 \/ \d+/)
    })
  })
})
