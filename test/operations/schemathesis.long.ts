import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSample } from '../../seeds/load.ts'
import { ROLES } from '../../src/auth/viewer.ts'
import { createTestApp } from '../support/app.ts'

const VERSION = '4.32.5'
const CASES = 5_000
const SEED = 1
/** It knows no custom scalars by itself. */
const DATES = `
import schemathesis
from hypothesis import strategies
from schemathesis.graphql import nodes

schemathesis.graphql.scalar("DateTime", strategies.datetimes().map(lambda at: nodes.String(at.isoformat() + "Z")))
`
type Har = {
  log: {
    entries: {
      request: { postData?: { text: string } }
      response: { status: number; content: { text?: string } }
    }[]
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'alongside-schemathesis-'))
const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** The one of this machine, or one that is fetched into a folder of its own; otherwise why there is none. */
function find(): { command: string } | { missing: string } {
  if (works('schemathesis', '--version')) return { command: 'schemathesis' }
  const inFolder = (name: string) => path.join(folder, 'venv/bin', name)
  if (!works('python3', '-m', 'venv', path.join(folder, 'venv'))) return { missing: 'there is no python3 with venv' }
  if (!works(inFolder('pip'), 'install', '--quiet', `schemathesis==${VERSION}`))
    return { missing: `pip could not install schemathesis ${VERSION}` }
  return { command: inFolder('schemathesis') }
}
const found = find()
const missing = 'missing' in found ? found.missing : null

describe.skipIf(missing)(missing ? `schemathesis (skipped: ${missing})` : 'schemathesis', () => {
  const app = createTestApp({ RATE_LIMIT: '0' })
  let operations: number

  beforeAll(async () => {
    await loadSample(app.graph, app.vault)
    await app.services.model.activate(await app.services.model.train())
    const { __schema } = await app.data(
      '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }',
    )
    const known = await app.graph.query('load/customer-ids', { after: '', limit: 3 })
    const sold = await app.graph.query('load/product-ids', { after: '', limit: 3 })
    const ids = [...known, ...sold].map(({ id }) => id)
    // Ids that exist, so that more is met than what does not.
    const values = JSON.stringify([...ids, 'department:GROCERY', '+49 30 1234567', 'a@example.com', 'UTC', 'en'])
    writeFileSync(
      path.join(folder, 'schemathesis.toml'),
      `[dictionaries.known]\nvalues = ${values}\n[generation.dictionaries]\nstring = { dictionary = "known", probability = 0.5 }\n`,
    )
    writeFileSync(path.join(folder, 'dates.py'), DATES)
    operations = __schema.queryType.fields.length + __schema.mutationType.fields.length
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const cases = Math.ceil(CASES / ROLES.length)
  it.each(ROLES)(`finds nothing in ${cases} cases as %s: no 5xx, no INTERNAL`, async (role) => {
    if ('missing' in found) return
    const har = path.join(folder, `${role}.har`)
    const output = await run(found.command, [
      ...['run', `${app.url}/graphql`, '--header', `Authorization: Bearer ${await app.token(role, { ttl: '2h' })}`],
      // What it would take for a fault is any error beside data, a product that does not exist for one: the answers are looked at here.
      ...['--phases', 'fuzzing', '--checks', 'status_code_conformance', '--suppress-health-check', 'all'],
      ...['--max-examples', String(Math.ceil((cases / operations) * 1.1)), '--seed', String(SEED), '--no-color'],
      ...['--report', 'har', '--report-har-path', har, '--request-timeout', '60'],
    ])
    const entries = (JSON.parse(readFileSync(har, 'utf8')) as Har).log.entries
    const answers = entries.filter(({ request }) => request.postData)
    expect(answers.length, output).toBeGreaterThanOrEqual(cases)
    const faults = answers.filter(
      ({ response: { status, content } }) => !(status >= 200 && status < 500) || /"INTERNAL"/.test(content.text ?? ''),
    )
    expect(faults.slice(0, 5).map(({ request, response }) => [request.postData?.text, response.content.text])).toEqual(
      [],
    )
    // It got further than the door.
    const answered = answers.filter(({ response }) => /"data":\{/.test(response.content.text ?? ''))
    expect(answered.length / answers.length).toBeGreaterThan(0.02)
  })

  function run(command: string, args: string[]): Promise<string> {
    const env = { ...process.env, SCHEMATHESIS_HOOKS: 'dates', PYTHONPATH: folder }
    return new Promise((resolve) =>
      execFile(command, args, { cwd: folder, env, maxBuffer: 2 ** 26 }, (_error, stdout, stderr) =>
        resolve(`${stdout}\n${stderr}`),
      ),
    )
  }
})
