import { afterAll, beforeAll } from 'vitest'
import { type App, type Backends, createApp } from '../../src/app.ts'
import { type Role, signToken } from '../../src/auth/viewer.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import { createDriver } from '../../src/graph/driver.ts'
import { backends, empty } from './graph.ts'
import { TEST_PII_KEY } from './pii.ts'

export type Answer = {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape its query asked for
  data: any
  errors?: { message: string; path?: unknown[]; extensions: { code: string; field?: string; requestId?: string } }[]
}
export type Ask = { role?: Role; customer?: string; token?: string; variables?: object; acceptLanguage?: string }

export type TestApp = App & {
  token(role: Role, options?: { customer?: string; ttl?: string; subject?: string }): Promise<string>
  /** Over HTTP; without a role or token nobody is signed in. */
  ask(query: string, options?: Ask): Promise<Answer>
  /** As ask, but an error fails the test and says everything about it. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  data(query: string, options?: Ask): Promise<any>
}

export const TEST_SECRET = 'a secret of tests, long enough to be one'

/** The whole service on a free port, over this worker's own emptied Neo4j and Redis. */
export function createTestApp(env: Record<string, string> = {}): TestApp {
  const test = {} as TestApp
  beforeAll(async () => {
    const driver = createDriver(backends().neo4j)
    await empty(driver)
    await driver.close()
    Object.assign(test, await startTestApp(env))
  })
  afterAll(() => test.stop?.())
  return test
}

export const testConfig = (env: Record<string, string> = {}): Config =>
  loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    JWT_SECRET: TEST_SECRET,
    PII_KEY: TEST_PII_KEY,
    WEBHOOK_SECRET: TEST_SECRET,
    LOG_LEVEL: 'silent',
    // What is tested is what is computed; the tests of what is kept ask for it.
    SNAPSHOTS: 'off',
    ...env,
  })

export async function startTestApp(env: Record<string, string> = {}, over: Backends = backends()): Promise<TestApp> {
  const app = await createApp(testConfig(env), over)
  const token: TestApp['token'] = (role, { subject = role.toLowerCase(), ...rest } = {}) =>
    signToken({ role, subject, ...rest }, app.tokens)
  const ask: TestApp['ask'] = async (query, { role, customer, token: given, variables, acceptLanguage } = {}) => {
    const bearer = given ?? (role ? await token(role, customer ? { customer } : {}) : undefined)
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
        ...(acceptLanguage ? { 'accept-language': acceptLanguage } : {}),
      },
      body: JSON.stringify({ query, variables }),
    })
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) }
  }
  const data: TestApp['data'] = async (query, options) => {
    const answer = await ask(query, options)
    if (answer.errors) {
      throw new Error(
        `Expected no errors:\n${JSON.stringify(answer.errors, null, 2)}\n${query}\n${JSON.stringify(options)}`,
      )
    }
    return answer.data
  }
  return { ...app, token, ask, data }
}
