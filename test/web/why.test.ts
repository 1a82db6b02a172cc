import { beforeAll, describe, expect, it } from 'vitest'
import { explainedIn } from '../../web/src/explorer/why/explained.ts'
import { pathsOf, sumsByKind } from '../../web/src/explorer/why/paths.ts'
import { createTestApp } from '../support/app.ts'
import { createTab, describeInBrowser, eventually } from '../support/browser.ts'
import { openCornerShop } from '../support/corner-shop.ts'

const step = (label: string, name: string) => ({ label, name })
const OFFER = {
  rank: 2,
  score: 0.5,
  product: { name: 'Bread' },
  evidence: [
    {
      kind: 'BOUGHT_WITH',
      contribution: 0.6,
      path: [step('Customer', 'this customer'), step('Product', 'Milk'), step('Product', 'Bread')],
    },
    { kind: 'DIVERSITY', contribution: -0.3, path: [step('Product', 'Bread')] },
    {
      kind: 'BOUGHT_WITH',
      contribution: 0.15,
      path: [step('Customer', 'this customer'), step('Product', 'Eggs'), step('Product', 'Bread')],
    },
  ],
  otherContribution: 0.05,
}
/** Red alone would not tell everybody. */
const DASHED = `[...document.querySelectorAll('.paths .link')].filter((one) => getComputedStyle(one).strokeDasharray !== 'none').length`
const answerOf = (data: unknown) => JSON.stringify({ data })

describe('what is drawn of an answer', () => {
  it('is every result with evidence, wherever it stands and whatever it was renamed to', () => {
    const found = explainedIn(answerOf({ mine: { items: [OFFER, OFFER] }, why: { ...OFFER, product: undefined } }))
    expect(found.map(({ key, title }) => [key, title])).toEqual([
      ['mine.items.0', 'Bread'],
      ['mine.items.1', 'Bread'],
      ['why', 'Bread'],
    ])
  })

  it('is nothing of an error, of half an answer, or of a result without evidence', () => {
    for (const text of ['', 'Failed', '{"data":', '{"errors":[{"message":"No"}]}', answerOf({ items: [{ score: 1 }] })])
      expect(explainedIn(text)).toEqual([])
  })

  it('adds up to the score by kind, what takes away and what was not asked for included', () => {
    const [offer] = explainedIn(answerOf(OFFER))
    const sums = sumsByKind(offer!)
    expect(sums.map(({ kind }) => kind)).toEqual(['BOUGHT_WITH', 'DIVERSITY', 'OTHER'])
    expect(sums.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(OFFER.score, 12)
    const { otherContribution: _, ...without } = OFFER
    expect(explainedIn(answerOf(without))[0]!.other).toBeCloseTo(0.05, 12)
  })

  it('lets paths share the steps they have in common, and ends all of them in the product', () => {
    const { nodes, links } = pathsOf(explainedIn(answerOf(OFFER))[0]!)
    expect(nodes.map(({ name }) => name)).toEqual([
      'this customer',
      'Milk',
      'Bread',
      'Diversity',
      'Eggs',
      'Other paths',
    ])
    const last = links.filter(({ target }) => target === 'offered')
    expect(last.map(({ contribution }) => contribution)).toEqual([0.6, -0.3, 0.15, 0.05])
    expect(links.every(({ value }) => value > 0)).toBe(true)
  })
})

const app = createTestApp()

describeInBrowser('the Why view', () => {
  const tab = createTab(app)
  beforeAll(() => openCornerShop(app))

  const panel = () => tab.page.getByRole('complementary', { name: 'Why view' })
  const numbers = (rows: string) =>
    panel()
      .locator(`.contributions ${rows} data`)
      .evaluateAll((found) => found.map((one) => Number(one.getAttribute('value'))))
  const widths = (rows: string) =>
    panel()
      .locator(`.contributions ${rows} .waterfall rect`)
      .evaluateAll((found) =>
        found.map((one) => one.getBoundingClientRect().width * (one.classList.contains('minus') ? -1 : 1)),
      )
  const total = (all: number[]) => all.reduce((sum, one) => sum + one, 0)
  /** Width and contribution of what leads to the product itself. */
  const drawn = () =>
    panel()
      .locator('.paths .link')
      .evaluateAll((found) =>
        found.map((one) => ({
          width: Number(one.getAttribute('stroke-width')),
          contribution: Number(one.getAttribute('data-contribution')),
          evidence: one.getAttribute('data-evidence'),
          minus: one.matches('.minus'),
        })),
      )

  const start = async () => {
    await tab.open()
    await tab.signIn(await app.token('MARKETER'))
    await eventually(() => tab.page.getByRole('status').textContent()).toContain('MARKETER')
  }

  it('opens by keyboard beside the answer and draws contributions that add up to the score', async () => {
    await start()
    const toggle = tab.page.getByRole('button', { name: /Why view/ })
    await tab.page.getByRole('button', { name: 'What do I offer this customer, and why?' }).click()
    await eventually(() => toggle.textContent()).toMatch(/[1-9] to draw/)
    await toggle.focus()
    await tab.page.keyboard.press('Enter')
    await eventually(() => toggle.getAttribute('aria-expanded')).toBe('true')
    await eventually(() => panel().getByRole('heading').textContent()).toBe('White bread')

    const answered = await app.data(
      '{ crossSell(customerId: "anna", first: 1, evidence: 3) { items { score otherContribution evidence { contribution } } } }',
      { role: 'MARKETER' },
    )
    const [offer] = answered.crossSell.items
    expect(await numbers('tfoot')).toEqual([offer.score])
    expect(total(await numbers('tbody'))).toBeCloseTo(offer.score, 9)
    expect(total(await widths('tbody'))).toBeCloseTo(total(await widths('tfoot')), 0)

    // One path a piece of evidence, in the proportions of what each adds.
    const links = await drawn()
    for (const [at, { contribution }] of offer.evidence.entries()) {
      const mine = links.filter(({ evidence }) => evidence === String(at))
      expect(mine.length).toBeGreaterThan(0)
      for (const link of mine) {
        expect(link.contribution).toBe(contribution)
        expect(link.width / Math.abs(contribution)).toBeCloseTo(links[0]!.width / Math.abs(links[0]!.contribution), 3)
      }
    }

    const reason = panel().getByRole('listitem').first().getByRole('button')
    await reason.focus()
    await tab.page.keyboard.press('Space')
    await eventually(() => reason.getAttribute('aria-pressed')).toBe('true')
    expect(await panel().locator('.paths .link.lit').count()).toBeGreaterThan(0)
    await tab.picture('explorer')
  })

  it('marks what takes away, as a boost below one does', async () => {
    await start()
    const query = `{ crossSell(customerId: "anna", first: 1, evidence: 20, where: { boosts: [{ productId: "bread", factor: 0.5 }] })
      { items { score product { name } evidence { kind contribution path { label name } } otherContribution } } }`
    const lines = tab.page.locator('.graphiql-query-editor .view-lines')
    // Pasted: an editor closes the brackets of what is typed.
    await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await tab.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(query)})`)
    // The editor is drawn before it takes what is pasted.
    await eventually(async () => {
      await lines.click()
      await tab.page.keyboard.press('ControlOrMeta+A')
      await tab.page.keyboard.press('ControlOrMeta+V')
      return lines.textContent()
    }).toContain('boosts')
    await tab.page.keyboard.press('ControlOrMeta+Enter')
    await tab.page.getByRole('button', { name: /Why view/ }).click()
    await eventually(async () => (await drawn()).filter(({ contribution }) => contribution < 0).length).toBe(1)
    expect(await tab.page.evaluate(DASHED)).toBe(1)
    for (const { contribution, minus } of await drawn()) expect(minus).toBe(contribution < 0)
    expect(total(await numbers('tbody'))).toBeCloseTo((await numbers('tfoot'))[0]!, 9)
  })

  it('says what to ask for when an answer has nothing to draw', async () => {
    await start()
    await tab.page.getByRole('button', { name: /Why view/ }).click()
    expect(await panel().textContent()).toContain('Run a query that asks for evidence')
    await tab.page.getByRole('button', { name: 'What is bought with this product?' }).click()
    await eventually(() => panel().textContent()).toContain('This answer holds no evidence')
  })
})
