import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSample } from '../../seeds/load.ts'
import { ROLES } from '../../src/auth/viewer.ts'
import { createTestApp } from '../support/app.ts'

const run = promisify(execFile)
const VERSION = '4.32.5'
const CASES = 5_000
const SEED = 1
const python = spawnSync('python3', ['-m', 'venv', '--help']).status === 0

describe.skipIf(!python)('schemathesis (skipped where python3 with venv is missing)', () => {
  const app = createTestApp({ RATE_LIMIT: '0' })
  let folder: string
  let operations: number

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'alongside-schemathesis-'))
    await run('python3', ['-m', 'venv', folder])
    await run(path.join(folder, 'bin/pip'), ['install', '--quiet', `schemathesis==${VERSION}`])
    await loadSample(app.graph, app.vault)
    await app.services.model.activate(await app.services.model.train())
    const { __schema } = await app.data(
      '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }',
    )
    operations = __schema.queryType.fields.length + __schema.mutationType.fields.length
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Internal errors, and answers of the server that are its own fault. */
  async function faults(): Promise<number> {
    const text = await (await fetch(`${app.url}/metrics`)).text()
    return Number(/^alongside_internal_errors_total (\d+)$/m.exec(text)![1])
  }

  it.each(ROLES)(`finds nothing in ${CASES} cases as %s: no 5xx, no INTERNAL`, async (role) => {
    const before = await faults()
    const { stdout } = await run(
      path.join(folder, 'bin/schemathesis'),
      [
        ...['run', `${app.url}/graphql`, '--header', `Authorization: Bearer ${await app.token(role, { ttl: '2h' })}`],
        ...['--phases', 'fuzzing', '--checks', 'not_a_server_error', '--suppress-health-check', 'all'],
        ...['--max-examples', String(Math.ceil(CASES / operations)), '--seed', String(SEED), '--no-color'],
      ],
      { cwd: folder, maxBuffer: 2 ** 26 },
    ).catch((error: { stdout: string; stderr: string }) => {
      throw new Error(`${error.stdout}\n${error.stderr}`)
    })
    expect(Number(/(\d+) generated/.exec(stdout.replaceAll(',', ''))?.[1])).toBeGreaterThan(CASES * 0.9)
    expect(await faults()).toBe(before)
  })
})
