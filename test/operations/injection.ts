import { setTimeout as sleep } from 'node:timers/promises'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { type GraphQLSchema, graphql } from 'graphql'
import type { Client } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rolesOf } from '../../src/auth/rules.ts'
import { readMigrations } from '../../src/graph/migrate.ts'
import { STATEMENTS } from '../../src/graph/query.ts'
import { createBareSchema } from '../../src/schema.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { hearCypher } from '../support/bolt.ts'
import { backends, cypher, empty } from '../support/graph.ts'
import { NEEDED, operationOf, type Place, placesOf, REFUSED, type Root, type Texts } from '../support/places.ts'
import { describeProducts, randomOrders, record, train } from '../support/shop.ts'
import { connectTo } from '../support/sockets.ts'
import { startWire, type Wire } from '../support/wire.ts'

const LANES = 4
/** In one list: as many as `boosts` takes, or as a document of 2,000 tokens holds. */
const WIDTH = { query: 20, mutation: 30, subscription: 1 }
/** Subscriptions at once: what a socket may have. */
const FOLLOWED = 40
/** No text is the id of a version of the recommender, a campaign or a decision: asked in earnest, and never answered. */
const OF_WHAT_IS: ReadonlySet<string> = new Set([
  'modelDiff',
  'acknowledgeDecisions',
  ...['approve', 'schedule', 'launch', 'pause', 'complete'].map((step) => `${step}Campaign`),
])
/** What cypher/ holds, and by what the driver asks for a sign of life. */
const FILES = new Set([
  ...[...STATEMENTS.values()].map(({ text }) => text),
  ...readMigrations().flatMap(({ statements }) => statements),
  'RETURN 1',
])
/** What a decision that is asked for rests on. */
const DECIDED = {
  campaignId: 'harmless',
  customerId: 'c00',
  at: '2024-01-01T00:00:00.000Z',
  rules: { holdoutShare: 0, globalHoldoutShare: 0, caps: [], budget: null },
  objected: true,
  channels: [],
  claimedBy: [],
  candidates: { named: 0, sold: 0, notOwned: 0, reached: 0 },
}
const FORMS = ['variables', 'literals'] as const

const said = new Set<string>()
/** What was said while the work was done, but for the files. */
async function textsOf(work: () => Promise<unknown>): Promise<string[]> {
  said.clear()
  await work()
  return [...said].filter((text) => !FILES.has(text))
}
const strangers = (texts: string[], harmless: string[]) => texts.filter((text) => !harmless.includes(text))

const magnitude = (text: string) => Math.ceil(Math.log10(Math.max(text.length, 1)))
/** In one operation: what Neo4j takes ever longer to plan together are subqueries, by fields below the root and by relationships in a filter. */
const TOGETHER = { filters: 20, subqueries: 6 }
function together(places: readonly Place[]): Place[][] {
  const groups: Place[][] = []
  let subqueries = new Set<string>()
  for (const place of places) {
    const subquery = /.*\.(?=where|some|all|none|single)/.exec(place.path)![0]
    const last = groups.at(-1)
    subqueries.add(subquery)
    if (last && last.length < TOGETHER.filters && subqueries.size <= TOGETHER.subqueries) last.push(place)
    else {
      groups.push([place])
      subqueries = new Set([subquery])
    }
  }
  return groups
}

const schema: GraphQLSchema = await createBareSchema()
const fieldsOf = (kind: Root['kind'], type = schema.getQueryType()) =>
  Object.values(type?.getFields() ?? {}).map((field): Root => {
    const roles = rolesOf(`${type!.name}.${field.name}`)
    return { kind, field, role: roles.includes('ADMIN') ? 'ADMIN' : roles[0]! }
  })
const roots = [...fieldsOf('query'), ...fieldsOf('mutation', schema.getMutationType())].filter(
  (root) => placesOf(root).length > 0,
)

/**
 * Whatever a client writes, Cypher stays what it was: every text that goes over the wire to Neo4j is a file of cypher/, or what the
 * same operation makes of a harmless value, byte for byte.
 *
 * Every argument of a root field takes every text, and so does every field of a filter; what leads to the same filters once more, and
 * cursors of lists below a root field, every 50th. Reads take them as variables and in the document by turns, mutations both.
 * @param inFilters what is put into filters
 */
export function hostileTexts(PAYLOADS: string[], inFilters = PAYLOADS): void {
  const some = PAYLOADS.filter((_, at) => at % 50 === 49)
  /** Places that are filled by one operation, and with what. One bad value refuses a whole operation of ours: there each place has its own. */
  type Group = { places: Place[]; payloads: string[] }
  const met = new Set<string>()
  function groupsOf(root: Root): Group[] {
    const places = placesOf(root)
    const generated = root.field.args.some(({ name }) => name === 'sort')
    const isAlone = ({ path, own }: Place) => path.endsWith('.after') || (own && !generated)
    const filters = places.filter((place) => !isAlone(place))
    const fresh = filters.filter(({ input }) => !met.has(input) && met.add(input))
    const again = filters.filter((place) => !fresh.includes(place))
    return [
      ...places.filter(isAlone).map((place) => ({ places: [place], payloads: place.own ? PAYLOADS : some })),
      ...together(fresh).map((places) => ({ places, payloads: inFilters })),
      ...together(again).map((places) => ({ places, payloads: some })),
    ].filter(({ payloads }) => payloads.length > 0)
  }
  const cases = roots.map((root) => ({ name: `${root.kind} ${root.field.name}`, root, groups: groupsOf(root) }))

  describe(`${PAYLOADS.length} hostile texts`, () => {
    let wire: Wire
    let app: TestApp

    beforeAll(async () => {
      const { neo4j, redis } = backends()
      wire = await startWire(Number(new URL(neo4j.uri).port), () => hearCypher((text) => said.add(text)))
      app = await startTestApp(
        { RATE_LIMIT: '0' },
        { neo4j: { ...neo4j, uri: `bolt://127.0.0.1:${wire.port}` }, redis },
      )
      await empty(app.driver)
      await record(app, randomOrders(5, 12, 4, 8))
      await app.data(
        'mutation { upsertCustomers(customers: [{ id: "c00", email: "harmless@example.com" }]) { accepted } }',
        { role: 'INGEST' },
      )
      await describeProducts(
        app,
        Array.from({ length: 8 }, (_, at) => ({ id: `p0${at}`, brand: 'Brand' })),
      )
      await cypher(
        app.driver,
        `CREATE (:Segment {id: 'harmless', name: 'Harmless'})
         WITH 1 AS one UNWIND [['harmless', 'RUNNING'], ['draft', 'DRAFT']] AS row
         CREATE (:Campaign {id: row[0], name: 'Harmless', status: row[1], channels: ['WEB'], startsAt: datetime('2024-01-01'), endsAt: datetime('2100-01-01')})`,
      )
      await train(app)
      await cypher(
        app.driver,
        `MATCH (c:Customer {id: 'c00'}), (k:Campaign {id: 'harmless'}), (m:Model)
         CREATE (c)-[:GOT]->(:Decision {id: 'decided', arm: 'EXCLUDED', reasons: ['OBJECTED'], model: m.id, asOf: m.asOf, at: datetime(), inputs: $inputs})-[:IN]->(k)`,
        { inputs: JSON.stringify(DECIDED) },
      )
    })
    afterAll(async () => {
      await app?.stop()
      await wire?.stop()
    })

    let ids = 0
    /** Names what exists; events are new each time, for one that is known is not written. */
    const harmless = (path: string): string => {
      if (/product/i.test(path)) return 'p00'
      if (path === 'updateCampaign.id') return 'draft'
      if (path === 'replayDecision.id') return 'decided'
      if (path.endsWith('.email')) return 'harmless@example.com'
      if (/customer/i.test(path)) return 'c00'
      return path.endsWith('.id') ? `new-${ids++}` : 'harmless'
    }

    async function ask(root: Root, { places }: Group, at: Texts, form: (typeof FORMS)[number], width: number) {
      const filled = places.map(({ path }) => path)
      const needs = NEEDED[root.field.name] ?? []
      const also = needs.some((path) => filled.includes(path)) ? [] : needs.slice(0, 1)
      const texts = {
        harmless,
        at: (path: string, item: number) => (also.includes(path) ? harmless(path) : at(path, item)),
      }
      const { query, variables } = operationOf(root, new Set([...filled, ...also]), texts, form, width)
      for (let attempt = 1; ; attempt++) {
        const { errors = [] } = await app.ask(query, { role: root.role, variables })
        const codes = errors.map(({ extensions }) => extensions.code)
        if (codes.every((code) => ['BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT'].includes(code)))
          return errors.length === 0
        // A machine with much else to do: asked again, for speed is not the question here.
        const patient = attempt < 10 && codes.every((code) => code === 'UNAVAILABLE')
        if (!patient) throw new Error(`${JSON.stringify({ errors, query, variables }).slice(0, 5_000)}…`)
        await sleep(1_000)
      }
    }

    /** Nodes by label and relationships by type, but for what comes and goes by itself. */
    async function census(): Promise<Map<string, number>> {
      const rows = await cypher<{ what: string; times: number }>(
        app.driver,
        `MATCH (n) WHERE NOT n:Outbox AND NOT n:FieldUse UNWIND labels(n) AS what RETURN what, count(*) AS times
       UNION ALL MATCH ()-[r]->() RETURN type(r) AS what, count(*) AS times`,
      )
      return new Map(rows.map(({ what, times }) => [what, times]))
    }
    async function growth(work: () => Promise<unknown>): Promise<Record<string, number>> {
      const before = await census()
      await work()
      const after = await census()
      const names = [...new Set([...before.keys(), ...after.keys()])]
      const changes = names.map((name) => [name, (after.get(name) ?? 0) - (before.get(name) ?? 0)] as const)
      return Object.fromEntries(changes.filter(([, change]) => change !== 0))
    }

    it.each(cases)(
      'change no Cypher of $name, nor what it writes',
      async ({ root, groups }) => {
        for (const group of groups) {
          const { places, payloads } = group
          const where = places.length > 3 ? `${places.length} places` : places.map(({ path }) => path).join()
          // Several operations: those that one refused text spoils are not all there are.
          const most = Math.min(WIDTH[root.kind], Math.ceil(payloads.length / 4))
          const width = places.every(({ own, listed }) => own && listed) ? most : 1
          let known: string[] = []
          const usual = await growth(async () => {
            known = await textsOf(async () => {
              for (const form of FORMS) {
                if (places[0]!.own) await ask(root, group, harmless, form, width)
                await ask(root, group, (_, item) => `harmless-harmless-${item}`, form, width)
              }
            })
          })
          const rounds = Math.ceil(payloads.length / width)
          const forms = (round: number) => (root.kind === 'query' ? [FORMS[round % 2]!] : FORMS)
          let round = 0
          let answered = 0
          const lane = async () => {
            while (round < rounds) {
              const now = round++
              // Each place begins elsewhere, so that different ones stand together; in the end each has had all of them. They are about
              // as long, for Neo4j plans a statement anew for other orders of length.
              const at: Texts = (path, item) => {
                const text = payloads[(now * width + item) % payloads.length]!
                const alike = payloads.filter((one) => magnitude(one) === magnitude(text))
                const place = places.findIndex((one) => one.path === path)
                return alike[(alike.indexOf(text) + place) % alike.length]!
              }
              for (const form of forms(now)) if (await ask(root, group, at, form, width)) answered++
            }
          }
          let texts: string[] = []
          const grown = await growth(async () => {
            texts = await textsOf(() => Promise.all(Array.from({ length: LANES }, lane)))
          })
          expect(strangers(texts, known), where).toEqual([])
          if (root.kind === 'query') expect(grown, where).toEqual({})
          for (const [what, times] of Object.entries(grown))
            expect(times, `${where}: ${what}`).toBeLessThanOrEqual((usual[what] ?? 0) * rounds * FORMS.length)
          const mayBeRefused = OF_WHAT_IS.has(root.field.name) || (places.length === 1 && REFUSED.test(places[0]!.path))
          if (!mayBeRefused) expect(answered, `${where}: answered`).toBeGreaterThanOrEqual(rounds / 2)
        }
      },
      1_800_000,
    )

    it('change no Cypher of an order that a subscription brings to whoever asked for its customer', async () => {
      const [root] = fieldsOf('subscription', schema.getSubscriptionType())
      const path = new Set(placesOf(root!).flatMap((place) => (place.own ? [place.path] : [])))
      const heard = new Set<string>()
      const follow = (client: Client, customerId: string) => {
        const { query, variables } = operationOf(root!, path, { at: () => customerId, harmless }, 'variables')
        client.subscribe({ query, variables }, { next: () => heard.add(customerId), error() {}, complete() {} })
      }
      let revision = 0
      const orderOf = async (customers: string[]) => {
        revision++
        const orders = customers.map((customerId) => ({
          ...{
            id: `heard-${PAYLOADS.indexOf(customerId)}`,
            revision,
            customerId,
            placedAt: '2024-01-02T12:00:00.000Z',
          },
          lines: [{ productId: 'p00', quantity: 1, value: revision }],
        }))
        const { rejected } = await record(app, orders)
        const refused = new Set(rejected.map(({ index }) => customers[index]!))
        return customers.filter((customer) => !refused.has(customer) && !heard.has(customer)).length
      }
      const untilHeard = async (customers: string[]) => {
        for (let at = 0; at < customers.length; at += FOLLOWED) {
          const some = customers.slice(at, at + FOLLOWED)
          const { client } = connectTo(app, await app.token('ADMIN'))
          for (const customer of some) follow(client, customer)
          await expect.poll(() => orderOf(some), { timeout: 60_000, interval: 500 }).toBe(0)
          await client.dispose()
        }
      }
      const known = await textsOf(() => untilHeard(['c00']))
      const texts = await textsOf(() => untilHeard(PAYLOADS))
      expect(heard.size).toBeGreaterThan(PAYLOADS.length / 2)
      expect(strangers(texts, known)).toEqual([])
    })

    it('would be noticed in a field that joins what it is given into its Cypher', async () => {
      const careless = makeExecutableSchema({
        typeDefs: 'type Query { name(id: ID!): String }',
        resolvers: {
          Query: {
            name: async (_: unknown, { id }: { id: string }) => {
              const rows = await cypher<{ name: string }>(
                app.driver,
                `MATCH (p:Product {id: '${id}'}) RETURN p.id AS name`,
              )
              return rows[0]?.name
            },
          },
        },
      })
      const [root] = Object.values(careless.getQueryType()!.getFields()).map(
        (field): Root => ({ kind: 'query', field, role: 'ADMIN' }),
      )
      const asked = (text: string) => {
        const path = new Set(placesOf(root!).map((place) => place.path))
        const { query, variables } = operationOf(root!, path, { at: () => text, harmless }, 'variables')
        return graphql({ schema: careless, source: query, variableValues: variables })
      }
      const known = await textsOf(async () => expect((await asked('p00')).data).toEqual({ name: 'p00' }))
      const texts = await textsOf(() => asked("x'}) RETURN 'injected' AS name //"))
      expect(strangers(texts, known)).toEqual([
        "MATCH (p:Product {id: 'x'}) RETURN 'injected' AS name //'}) RETURN p.id AS name",
      ])
    })
  })
}
