import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadSample } from '../seeds/load.ts'
import { PROJECT_ROOT } from '../src/root.ts'
import { createTestApp } from './support/app.ts'
import { train } from './support/shop.ts'

const readme = readFileSync(path.join(PROJECT_ROOT, 'README.md'), 'utf8')

/** The first fenced block in this language, of the whole or after a heading. */
function block(language: string, heading = ''): string {
  const text = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(readme.slice(readme.indexOf(heading)))?.[1]
  if (text === undefined) throw new Error(`The README has no block of ${language}`)
  return text
}

/** The same shape and words; numbers to 1e-9, for sums of paths may be added up in another order. */
function expectAlike(actual: unknown, printed: unknown, at = 'answer'): void {
  if (typeof printed === 'number') {
    expect(typeof actual, at).toBe('number')
    expect(Math.abs((actual as number) - printed), at).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(printed)))
  } else if (typeof printed === 'object' && printed !== null) {
    expect(Object.keys(actual ?? {}), at).toEqual(Object.keys(printed))
    for (const [key, value] of Object.entries(printed)) {
      expectAlike((actual as Record<string, unknown>)[key], value, `${at}.${key}`)
    }
  } else expect(actual, at).toBe(printed)
}

describe('the README', () => {
  const app = createTestApp()

  beforeAll(async () => {
    await loadSample(app.graph, app.vault)
    await train(app)
  }, 600_000)

  it('prints what its query answers on the sample', async () => {
    const printed = JSON.parse(block('json'))
    expectAlike({ data: await app.data(block('graphql'), { role: 'MARKETER' }) }, printed)
  })

  it('tells for how many of the sample its segment holds', async () => {
    const query = 'query ($input: SegmentInput!) { segmentPreview(input: $input) { size } }'
    const input = { name: 'of the README', condition: JSON.parse(block('json', '### Segments')) }
    const { segmentPreview } = await app.data(query, { role: 'MARKETER', variables: { input } })
    expect(/holds for (\d+) of the sample's 300 households/.exec(readme)?.[1]).toBe(String(segmentPreview.size))
  })

  it('keeps its promise: the evidence and the rest sum to the score', () => {
    type Offer = { score: number; evidence: { contribution: number }[]; otherContribution: number }
    const { items } = JSON.parse(block('json')).data.crossSell as { items: Offer[] }
    expect(items.length).toBeGreaterThan(0)
    for (const { score, evidence, otherContribution } of items) {
      const sum = evidence.reduce((total, { contribution }) => total + contribution, otherContribution)
      expect(Math.abs(sum - score)).toBeLessThanOrEqual(1e-9 * score)
    }
  })
})
