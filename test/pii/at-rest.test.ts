import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { type EmbeddedServices, startEmbedded } from '../../src/embedded/index.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { syntheticContacts } from '../../src/ingest/synthetic.ts'
import { ask } from '../failure/support.ts'
import { shop, writeFiles } from '../ingest/shopFiles.ts'
import { testConfig } from '../support/app.ts'

/** Repeated in what is stored: the store cuts long texts into blocks, and packs short ones in many ways. */
const PHRASES = { name: 'a name too long to be packed into a record. ', email: 'too-long-to-be-packed.' }
const CANARY = {
  name: `Żółw, ${PHRASES.name.repeat(4).trim()}`,
  email: `canary@${PHRASES.email.repeat(8)}example.com`,
  phone: '+48601702803904',
}
/** Not secret: they show that the search finds what is there. */
const PLAIN = 'stored plainly, and as long. '
const CONTROL = { id: 'control', name: PLAIN.repeat(6).trim(), brand: '+48605706807908' }

const textForms = (text: string) => {
  const utf16 = Buffer.from(text.trim(), 'utf16le')
  return [Buffer.from(text.trim()), utf16, Buffer.from(utf16).swap16()]
}

/**
 * A short number is packed into the 64-bit words of its property, the lowest bit first: 39 bits of header, then four a digit. This is
 * what stands in the whole bytes of them.
 */
function packed(number: string): Buffer {
  const codes = [...number].map((digit) => (digit === '+' ? 13n : BigInt(digit)))
  const bits = codes.reduce((sum, code, at) => sum | (code << BigInt(4 * at)), 0n) << 7n
  const bytes = Buffer.from(bits.toString(16).padStart(32, '0'), 'hex').reverse()
  return bytes.subarray(1, Math.floor((7 + 4 * codes.length) / 8))
}
/** The file with the lowest byte of its words first: as a log has it, and as a store does, from each place where a word may begin. */
function* words(bytes: Buffer): Generator<Buffer> {
  yield bytes
  for (let from = 0; from < 8 && from + 8 <= bytes.length; from++)
    yield Buffer.from(bytes.subarray(from, bytes.length - ((bytes.length - from) % 8))).swap64()
}

describe('The files of a database that holds contact details', () => {
  let folder: string
  let services: EmbeddedServices | undefined
  let app: App | undefined

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'alongside-at-rest-'))
    const jarsHome = loadConfig({ DATA_HOME: process.env.DATA_HOME }).dataHome
    services = await startEmbedded({ dataHome: folder, jarsHome, ports: 'free', heapMb: 512, pageCacheMb: 64 })
    app = await createApp(testConfig(), { neo4j: services.neo4j!, redis: services.redis! })
    const { url } = app
    const mutate = async (text: string, variables: object) => {
      expect((await ask(url, text, { role: 'INGEST', variables })).codes).toEqual([])
    }
    const upsert = (...customers: object[]) =>
      mutate('mutation ($customers: [CustomerInput!]!) { upsertCustomers(customers: $customers) { accepted } }', {
        customers,
      })
    const made = writeFiles(shop())
    await loadJourney(app.graph, { dataDir: made.dataDir, syntheticContacts: app.vault }).finally(made.remove)
    await mutate('mutation ($products: [ProductInput!]!) { upsertProducts(products: $products) { accepted } }', {
      products: [CONTROL],
    })
    await upsert({ id: 'held', ...CANARY }, { id: 'removed', ...CANARY }, { id: 'refused', ...CANARY, age: '' })
    await upsert({ id: 'removed', name: null, email: null, phone: null })
    const query = `{ customersByContact(email: "${CANARY.email}") { id name email phone } }`
    const { data } = await ask(url, query, { role: 'PRIVACY_OFFICER' })
    expect(data.customersByContact).toEqual([{ id: 'held', ...CANARY }])
  })
  afterAll(async () => {
    await app?.stop()
    await services?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const holding = (test: (bytes: Buffer) => boolean) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => statSync(path.join(folder, file)).isFile())
      .filter((file) => test(readFileSync(path.join(folder, file))))
  const withText = (text: string) => holding((bytes) => textForms(text).some((form) => bytes.includes(form)))
  const withNumber = (number: string) =>
    holding((bytes) => {
      if (textForms(number).some((form) => bytes.includes(form))) return true
      for (const stream of words(bytes)) if (stream.includes(packed(number))) return true
      return false
    })
  const expectNothing = () => {
    expect(withText(PHRASES.name)).toEqual([])
    expect(withText(PHRASES.email)).toEqual([])
    expect(withNumber(CANARY.phone)).toEqual([])
    expect(withNumber(syntheticContacts('1').phone)).toEqual([])
  }

  it('hold none in plain, running or stopped, by a search that finds what is stored plainly', async () => {
    expectNothing()
    await app!.stop()
    await services!.stop()
    expectNothing()
    const files = (...names: RegExp[]) => expect.arrayContaining(names.map((name) => expect.stringMatching(name)))
    expect(withText(PLAIN)).toEqual(files(/propertystore\.db\.strings$/, /transactions/))
    expect(withNumber(CONTROL.brand)).toEqual(files(/propertystore\.db$/, /transactions/))
  })
})
