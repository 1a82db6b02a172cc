import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { market, tell } from '../support/market.ts'
import { asking } from '../support/offers.ts'
import { train } from '../support/shop.ts'

describe('What the recommender refuses', () => {
  const app = createTestApp()
  const { refused, crossSell } = asking(app)

  it('to train on nothing: there are no orders', async () => {
    await expect(app.services.model.train()).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  describe('with a model', () => {
    beforeAll(async () => {
      await tell(app, market())
      await train(app)
    })

    it.each([
      [['NONSENSE'], 'NONSENSE'],
      [['ITEM_MODEL', 'BOOST'], 'BOOST'],
      [['item_model'], 'item_model'],
      [[], 'none'],
    ])('to train the kinds %j, and leaves no model of it', async (kinds, named) => {
      const before = await cypher(app.driver, 'MATCH (m:Model) RETURN m.id AS id ORDER BY id')
      await expect(app.services.model.train({ kinds })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { field: 'input.kinds' },
        message: expect.stringContaining(`kinds: ${named} is not one of REPEAT, BOUGHT_WITH`),
      })
      expect(await cypher(app.driver, 'MATCH (m:Model) RETURN m.id AS id ORDER BY id')).toEqual(before)
    })

    it.each([
      ['two targets', [{ productId: 'p01', brand: 'Private', factor: 2 }], 'where.boosts.0'],
      ['no target', [{ brand: 'Private', factor: 2 }, { factor: 2 }], 'where.boosts.1'],
      ['a factor of 11', [{ brand: 'Private', factor: 11 }], 'where.boosts.0.factor'],
      ['a negative factor', [{ brand: 'Private', factor: -0.1 }], 'where.boosts.0.factor'],
      ['21 of them', Array.from({ length: 21 }, () => ({ brand: 'Private', factor: 1 })), 'where.boosts'],
      ['an empty id', [{ productId: '', factor: 1 }], 'where.boosts.0'],
    ])('boosts with %s', async (_, boosts, field) => {
      const { extensions, message } = await refused({ customerId: 'c01', where: { boosts } })
      expect(extensions).toEqual({ code: 'BAD_USER_INPUT', field })
      expect(message).toContain(field)
    })

    it.each([-0.1, 1.1])('a diversity of %d', async (diversity) => {
      const { extensions } = await refused({ customerId: 'c01', where: { diversity } })
      expect(extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'where.diversity' })
    })

    it('but not 20 boosts, nor one of what does not exist, which changes nothing', async () => {
      const boosts = Array.from({ length: 20 }, (_, n) => ({ productId: `nowhere-${n}`, factor: 10 }))
      const plain = await crossSell({ customerId: 'c01' })
      expect((await crossSell({ customerId: 'c01', where: { boosts } })).items).toEqual(plain.items)
    })
  })
})
