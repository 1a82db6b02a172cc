import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Accessibility {
  rule: string
  where: string
}

/** What axe-core finds that is serious or worse, of WCAG 2.2 A and AA; the page's policy keeps no tool of the browser out. */
export async function findViolations(page: Page, within?: string): Promise<Accessibility[]> {
  await page.evaluate(source)
  const run = `axe.run(${JSON.stringify(within ?? 'html')}, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    resultTypes: ['violations'],
  }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => ({ rule: id, where: html.slice(0, 200) }))))`
  return page.evaluate<Accessibility[]>(run)
}
