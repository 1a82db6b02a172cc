import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { day, order, record } from '../support/shop.ts'

const cursor = (offset: number) => Buffer.from(`arrayconnection:${offset}`).toString('base64')

describe('Arguments of the generated reads', () => {
  const app = createTestApp()
  const ask = (query: string, variables?: object) =>
    app.ask(query, { role: 'MARKETER', ...(variables && { variables }) })

  beforeAll(() => record(app, [order('o1', 'c1', day(1), ['p1', 'p2', 'p3']), order('o2', 'c1', day(2), ['p1'])]))

  it.each([
    ['limit', '{ products(limit: -1) { id } }'],
    ['limit', '{ products(limit: 0) { id } }'],
    ['offset', '{ products(offset: -1) { id } }'],
    ['first', '{ productsConnection(first: -1) { totalCount } }'],
    ['after', '{ productsConnection(after: "junk") { totalCount } }'],
    ['after', `{ productsConnection(after: "${cursor(-5)}") { totalCount } }`],
    ['limit', '{ products { categories(limit: -5) { id } } }'],
    ['limit', '{ affinities(productId: "p1") { product { categories(limit: -5) { id } } } }'],
    ['limit', '{ products { ...deep } } fragment deep on Product { categories { parents(limit: -1) { id } } }'],
    ['limit', '{ orders { ... on Order { products(limit: -1) { id } } } }'],
    ['where.id', '{ products(where: { id: null }) { id } }'],
    ['where.NOT', '{ products(where: { NOT: null }) { id } }'],
    ['where.OR', '{ products(where: { OR: [{ id: { eq: "p1" } }, null] }) { id } }'],
    ['where.categories.some', '{ products(where: { categories: { some: null } }) { id } }'],
  ])('%s is refused by name in %s', async (field, query) => {
    const { errors } = await ask(query)
    const codes = errors!.map(({ extensions }) => extensions.code)
    expect(codes).toEqual(['BAD_USER_INPUT'])
    // A null inside a list is refused by its type already.
    if (field !== 'where.OR') expect(errors![0]!.extensions.field).toBe(field)
  })

  it('variables are held to the same bounds as values in the document', async () => {
    const query = 'query ($limit: Int, $where: ProductWhere) { products(limit: $limit, where: $where) { id } }'
    expect((await ask(query, { limit: -3 })).errors).toMatchObject([{ extensions: { field: 'limit' } }])
    expect((await ask(query, { where: { id: null } })).errors).toMatchObject([{ extensions: { field: 'where.id' } }])
    expect((await ask(query, { limit: null, where: null })).data.products).toHaveLength(3)
    expect((await ask(query, { limit: 2 })).data.products).toHaveLength(2)
  })

  it('a null that asks for what is missing is a question, not a mistake', async () => {
    const { data } = await ask('{ products(where: { brand: { eq: null } }) { id } }')
    expect(data.products).toHaveLength(3)
  })

  it('no answer may be kept by a cache on its way', async () => {
    const body = JSON.stringify({ query: '{ __typename }' })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('a connection is read page by page, each product once', async () => {
    const query = `query ($after: String) { productsConnection(first: 2, after: $after, sort: [{ id: ASC }]) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }`
    const ids: string[] = []
    let after: string | null = null
    do {
      const { data } = await ask(query, { after })
      const { pageInfo, edges, totalCount } = data.productsConnection
      expect(totalCount).toBe(3)
      expect(edges.length).toBeGreaterThan(0)
      ids.push(...edges.map(({ node }: { node: { id: string } }) => node.id))
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after !== null)
    expect(ids).toEqual(['p1', 'p2', 'p3'])
  })

  it('twenty at once are no leak that Node would warn of', async () => {
    const warnings: Error[] = []
    const heard = (warning: Error) => warnings.push(warning)
    process.on('warning', heard)
    try {
      const reads = Array.from({ length: 20 }, (_, n) => `a${n}: products(limit: 1) { id }`)
      await app.data(`{ ${reads.join(' ')} }`, { role: 'ADMIN' })
      await new Promise((resolve) => setImmediate(resolve))
      expect(warnings).toEqual([])
    } finally {
      process.off('warning', heard)
    }
  })

  it.each(['a\\u0000b', 'p1" }) DETACH DELETE n //', 'x'.repeat(90_000)])(
    'any text is a value and never more (case %#)',
    async (id) => {
      const { data, errors } = await ask(`{ products(where: { id: { in: ["${id.replaceAll('"', '\\"')}"] } }) { id } }`)
      expect(errors).toBeUndefined()
      expect(data.products).toEqual([])
      expect((await ask('{ products { id } }')).data.products).toHaveLength(3)
    },
  )
})
