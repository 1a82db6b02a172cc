import { isInputObjectType, isObjectType } from 'graphql'
import { beforeEach, describe, expect, it } from 'vitest'
import { ROLES } from '../../src/auth/viewer.ts'
import { createBareSchema } from '../../src/schema.ts'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { ANNA, UPSERT } from '../support/pii.ts'
import { emptyShop } from '../support/shop.ts'

type TestContacts = { name?: string | null; email?: string | null; phone?: string | null }
type Stored = Record<string, string>

const FIELDS = ['name', 'email', 'phone'] as const
const OFFICER = { role: 'PRIVACY_OFFICER' } as const

describe('Contact details', () => {
  const app = createTestApp()
  beforeEach(() => emptyShop(app))

  const send = async (customers: ({ id: string; age?: string } & TestContacts)[]) =>
    (await app.data(UPSERT, { role: 'INGEST', variables: { customers } })).upsertCustomers
  const customer = async (id = 'c1') =>
    (await app.data(`{ customer(id: "${id}") { id name email phone } }`, OFFICER)).customer
  const stored = async (id = 'c1') =>
    (await cypher<{ c: Stored }>(app.driver, 'MATCH (c:Customer {id: $id}) RETURN c {.*} AS c', { id }))[0]!.c
  const change = (set: string, params: object) => cypher(app.driver, `MATCH (c:Customer {id: 'c1'}) SET ${set}`, params)
  const find = async (by: { email?: string; phone?: string }) => {
    const query = 'query ($email: String, $phone: String) { customersByContact(email: $email, phone: $phone) { id } }'
    const { customersByContact } = await app.data(query, { ...OFFICER, variables: by })
    return customersByContact.map(({ id }: { id: string }) => id)
  }

  it('are shown to a PRIVACY_OFFICER as they were sent, the phone number as + and digits', async () => {
    expect(await send([{ ...ANNA, phone: ' +44 (0)7700 900-123 ' }, { id: 'c2' }])).toMatchObject({ accepted: 2 })
    expect(await customer()).toEqual(ANNA)
    expect(await customer('c2')).toEqual({ id: 'c2', name: null, email: null, phone: null })
  })

  it('stand in the graph as ciphertext and keyed hashes only', async () => {
    await send([ANNA])
    const properties = await stored()
    expect(Object.keys(properties).sort()).toEqual(
      ['contactEmail', 'contactKey', 'contactName', 'contactPhone', 'emailIndex', 'id', 'lock', 'phoneIndex'].sort(),
    )
    expect(JSON.stringify(properties)).not.toMatch(/anna|example|7700|900123|Zażółć/i)
    expect(properties.contactKey).toMatch(/^v1\.test\.[\w-]+$/)
  })

  it.each(ROLES.filter((role) => role !== 'PRIVACY_OFFICER'))(
    'are not for %s to select or to find anybody by',
    async (role) => {
      await send([ANNA])
      for (const field of FIELDS) {
        const { data, errors } = await app.ask(`{ customer(id: "c1") { id ${field} } }`, { role })
        expect(
          errors!.map(({ extensions }) => extensions.code),
          field,
        ).toEqual(['FORBIDDEN'])
        expect(data?.customer?.[field] ?? null).toBeNull()
        expect(JSON.stringify(errors)).not.toContain(ANNA[field])
      }
      const found = await app.ask('{ customersByContact(email: "anna.z@example.com") { id } }', { role })
      expect(found.errors![0]!.extensions.code).toBe('FORBIDDEN')
    },
  )

  it('are in no filter, no order and no other field, and neither is what they are stored as', async () => {
    const schema = await createBareSchema()
    const hidden = /^(email|phone|contact)|\wIndex$/i
    const found: string[] = []
    let customers = 0
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isInputObjectType(type) && !isObjectType(type)) continue
      const named = type.name.includes('Customer')
      if (named) customers++
      for (const name of Object.keys(type.getFields()))
        if (hidden.test(name) || (named && /^name/.test(name))) found.push(`${type.name}.${name}`)
    }
    expect(customers).toBeGreaterThan(10)
    const inputs = FIELDS.map((field) => `CustomerInput.${field}`)
    expect(found.sort()).toEqual([...inputs, ...FIELDS.map((field) => `Customer.${field}`)].sort())
    for (const guess of [
      'where: { email: { startsWith: "a" } }',
      'sort: [{ name: ASC }]',
      'where: { emailIndex: { eq: "x" } }',
    ]) {
      expect((await app.ask(`{ customers(${guess}) { id } }`, { role: 'ADMIN' })).errors![0]!.extensions.code).toBe(
        'BAD_USER_INPUT',
      )
    }
  })

  it('are found exactly: an e-mail address in any case, a phone number however it is written', async () => {
    await send([
      ANNA,
      { id: 'c0', email: 'anna.z@example.COM' },
      { id: 'c3', email: 'anna@example.com', phone: '+447700900124' },
    ])
    expect(await find({ email: ' ANNA.Z@example.com ' })).toEqual(['c0', 'c1'])
    expect(await find({ phone: '+44 7700 900 123' })).toEqual(['c1'])
    expect(await find({ email: 'nna.z@example.com' })).toEqual([])
    expect(await find({ phone: '+44770090012' })).toEqual([])
  })

  it('lead from a look-up to the whole customer, and no further than 100 of them', async () => {
    const shared = Array.from({ length: 102 }, (_, n) => ({ id: `s${1000 + n}`, age: '25-34', phone: '+447700900999' }))
    await send([...shared].reverse())
    const query = '{ customersByContact(phone: "+447700900999") { id age phone orders { id } } }'
    const { customersByContact: found } = await app.data(query, OFFICER)
    expect(found).toEqual(shared.slice(0, 100).map(({ id, age }) => ({ id, age, phone: '+447700900999', orders: [] })))
  })

  it.each([
    ['neither', 'email: null', 'email'],
    ['both', 'email: "a@example.com", phone: "+447700900123"', 'phone'],
    ['an address that is none', 'email: "no address of anybody"', 'email'],
    ['a number that is none', 'phone: "0770 0900 123"', 'phone'],
  ])('are not looked up by %s', async (_what, args, field) => {
    const { errors } = await app.ask(`{ customersByContact(${args}) { id } }`, OFFICER)
    expect(errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field })
    expect(errors![0]!.message).not.toMatch(/anybody|0770/)
  })

  it('are not looked up by a token that speaks for one customer', async () => {
    const { errors } = await app.ask('{ customersByContact(phone: "+447700900123") { id } }', {
      ...OFFICER,
      customer: 'c1',
    })
    expect(errors![0]!.extensions.code).toBe('FORBIDDEN')
  })

  it('stay where they are left out, go where they are null, and take their index and at last their key along', async () => {
    await send([ANNA])
    const before = await stored()
    expect(await send([{ id: 'c1', phone: null, name: 'Anna Nowa' }])).toMatchObject({ accepted: 1 })
    expect(await customer()).toEqual({ ...ANNA, name: 'Anna Nowa', phone: null })
    const after = await stored()
    expect(after).toMatchObject({ contactEmail: before.contactEmail, contactKey: before.contactKey })
    expect(after).not.toHaveProperty('phoneIndex')
    expect(await find({ phone: ANNA.phone })).toEqual([])
    expect(await send([{ id: 'c1', email: 'new@example.com' }])).toMatchObject({ accepted: 1 })
    expect([await find({ email: ANNA.email }), await find({ email: 'new@example.com' })]).toEqual([[], ['c1']])
    await send([{ id: 'c1', name: null, email: null }])
    expect(Object.keys(await stored()).sort()).toEqual(['id', 'lock'])
  })

  it('count as a duplicate when nothing changes, and are then not written', async () => {
    expect(await send([ANNA, ANNA])).toMatchObject({ accepted: 1, duplicates: 1 })
    const before = await stored()
    expect(
      await send([{ ...ANNA, phone: '+44 7700 900123' }, { id: 'c1', email: ANNA.email }, { id: 'c1' }]),
    ).toMatchObject({
      accepted: 0,
      duplicates: 3,
    })
    expect(await stored()).toEqual(before)
    expect(await send([{ id: 'c2', name: null }])).toMatchObject({ accepted: 1 })
    expect(await send([{ id: 'c2', name: null }])).toMatchObject({ duplicates: 1 })
  })

  it('take the last word of a batch, beside attributes', async () => {
    const sent = [
      { id: 'c1', name: 'First' },
      { id: 'c1', age: '45-54', email: 'a@example.com' },
      { id: 'c1', name: 'Last' },
    ]
    expect(await send(sent)).toMatchObject({ accepted: 3 })
    expect(await customer()).toEqual({ id: 'c1', name: 'Last', email: 'a@example.com', phone: null })
    expect((await stored()).age).toBe('45-54')
  })

  it('are refused by field when they are bad, without being repeated', async () => {
    const bad: [keyof TestContacts, string][] = [
      ['name', ''],
      ['name', 'secret'.repeat(34)],
      ['name', 'secret\nsecret'],
      ['name', 'secret \ud800'],
      ...[
        'secret',
        'secret@',
        'secret@host',
        'a@secret@example.com',
        'secret @example.com',
        'secret@.com',
        'secret@example..com',
      ].map((email) => ['email', email] as [keyof TestContacts, string]),
      ['email', 'secret＠one@example.com'],
      ['email', `${'s'.repeat(250)}@example.com`],
      ...[
        'secret',
        '447700900123',
        '+44770',
        '+4477009001234567',
        '+0447700900123',
        '+44 7700 900123 x5',
        '++447700900123',
      ].map((phone) => ['phone', phone] as [keyof TestContacts, string]),
    ]
    const customers = bad.map(([field, value], n) => ({ id: `bad${n}`, [field]: value }))
    const { data, errors } = await app.ask(UPSERT, { role: 'INGEST', variables: { customers } })
    expect(errors).toBeUndefined()
    const { accepted, rejected } = data.upsertCustomers
    expect(accepted).toBe(0)
    expect(rejected).toEqual(
      bad.map(([field], index) => ({
        index,
        id: `bad${index}`,
        code: 'BAD_USER_INPUT',
        message: expect.stringMatching(new RegExp(`^${field} `)),
      })),
    )
    expect(JSON.stringify(rejected)).not.toMatch(/secret|7700|sss/)
  })

  it.each([
    ['of the wrong type', { id: 'c1', email: ['canary@example.com'] }, 'customers[0].email'],
    ['beside an unknown field', { id: 'c1', name: 'canary', emial: 'canary' }, 'customers[0]'],
    ['without an id', { name: 'canary; at "canary"' }, 'customers[0]'],
    ['in place of a customer', 'canary', 'customers[0]'],
  ])('are not repeated by the error of a variable %s', async (_what, sent, path) => {
    const { errors } = await app.ask(UPSERT, { role: 'INGEST', variables: { customers: [sent] } })
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
    expect(errors![0]!.message).toContain(`Variable "$customers" is not valid at "${path}": `)
    expect(JSON.stringify(errors)).not.toContain('canary')
  })

  it('are not repeated by the error of a document either', async () => {
    for (const sent of [
      '{ id: "c1", phone: 123454321 }',
      '"a 123454321"',
      '{ id: "c1", name: ["123454321"] }',
      '{ "123454321" }',
      '{ 123454321 }',
    ]) {
      const { errors } = await app.ask(`mutation { upsertCustomers(customers: [${sent}]) { accepted } }`, {
        role: 'INGEST',
      })
      expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
      expect(JSON.stringify(errors)).not.toContain('123454321')
    }
  })

  it('are those of the customer, whatever a client calls the other fields', async () => {
    await send([
      { ...ANNA, age: 'c2' },
      { id: 'c2', name: 'Jan' },
    ])
    const { customer } = await app.data('{ customer(id: "c1") { id: age name key: id } }', OFFICER)
    expect(customer).toMatchObject({ name: ANNA.name, key: 'c1' })
  })

  it('are one statement for all customers of an answer', async () => {
    const shared = Array.from({ length: 50 }, (_, n) => ({ id: `s${n}`, name: `N ${n}`, phone: '+447700900999' }))
    await send(shared)
    const count = async () => {
      const metrics = await (await fetch(`${app.url}/metrics`)).text()
      return Number(/seconds_count\{statement="customer\/contacts",outcome="ok"\} (\d+)/.exec(metrics)?.[1] ?? 0)
    }
    const before = await count()
    await app.data('{ customersByContact(phone: "+447700900999") { name email phone } }', OFFICER)
    expect((await count()) - before).toBe(1)
  })

  it('of another customer, or another field, are not shown in their place', async () => {
    await send([ANNA, { ...ANNA, id: 'c2', name: 'Jan', email: 'jan@example.com' }])
    const [one, two] = [await stored('c1'), await stored('c2')]
    const read = async () => {
      const { data, errors = [] } = await app.ask('{ customer(id: "c1") { id name email phone } }', OFFICER)
      return { shown: data.customer, codes: errors.map(({ path, extensions }) => [path?.at(-1), extensions.code]) }
    }
    await change('c.contactEmail = $value', { value: two.contactEmail })
    expect(await read()).toEqual({ shown: { ...ANNA, email: null }, codes: [['email', 'UNAVAILABLE']] })
    await change('c.contactEmail = $value', { value: one.contactName })
    expect(await read()).toEqual({ shown: { ...ANNA, email: null }, codes: [['email', 'UNAVAILABLE']] })
    await change('c.contactEmail = $email, c.contactKey = $key', { email: two.contactEmail, key: two.contactKey })
    expect((await read()).shown).toEqual({ id: 'c1', name: null, email: null, phone: null })
  })
})
