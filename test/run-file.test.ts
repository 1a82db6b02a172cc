import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { type RunFile, readRunFile, writeRunFile } from '../src/run-file.ts'
import { piiKeys, tokenSettings, webhookSecret } from '../src/secrets.ts'
import { piiKey } from './support/pii.ts'

describe('run.json', () => {
  const dataHome = mkdtempSync(path.join(os.tmpdir(), 'alongside-run-'))
  afterAll(() => rmSync(dataHome, { recursive: true, force: true }))

  const run = (url: string): RunFile => ({
    neo4j: { uri: 'bolt://127.0.0.1:1', username: 'neo4j', password: 'secret' },
    redis: { url: 'redis://127.0.0.1:1' },
    url,
    pid: process.pid,
  })

  it('is removed by the process it is about', () => {
    const remove = writeRunFile(dataHome, run('http://one'))
    expect(readRunFile(dataHome)).toEqual(run('http://one'))
    remove()
    expect(readRunFile(dataHome)).toBeNull()
  })

  it('is left alone by one that ends after another has written it', () => {
    const removeFirst = writeRunFile(dataHome, run('http://first'))
    const removeSecond = writeRunFile(dataHome, run('http://second'))
    removeFirst()
    expect(readRunFile(dataHome)).toEqual(run('http://second'))
    removeSecond()
    expect(readRunFile(dataHome)).toBeNull()
  })
})

describe('Secrets that are not given', () => {
  const dataHome = mkdtempSync(path.join(os.tmpdir(), 'alongside-secrets-'))
  afterAll(() => rmSync(dataHome, { recursive: true, force: true }))
  const config = (env: Record<string, string> = {}) => loadConfig({ DATA_HOME: path.join(dataHome, 'made'), ...env })

  it('are made once and kept, readable by their owner only', () => {
    const { secret } = tokenSettings(config())
    const [key] = piiKeys(config())
    const signing = webhookSecret(config())
    expect([tokenSettings(config()).secret, piiKeys(config())[0]!.id]).toEqual([secret, key!.id])
    expect(webhookSecret(config())).toBe(signing)
    const files = readdirSync(path.join(dataHome, 'made'))
    expect(files.sort()).toEqual(['jwt-secret', 'pii-key', 'webhook-secret'])
    for (const file of files) expect(statSync(path.join(dataHome, 'made', file)).mode & 0o777).toBe(0o600)
    expect(piiKeys(config({ PII_KEY: `given:${piiKey(1)}` }))).toMatchObject([{ id: 'given' }])
  })

  it('are not made up for webhooks in production: there are none then', () => {
    const production = { ...config(), production: true }
    expect(webhookSecret(production)).toBeNull()
    expect(webhookSecret({ ...production, webhookSecret: 'given' })).toBe('given')
  })

  it('are not made over a file that has been spoilt: it is named, not shown', () => {
    const file = path.join(dataHome, 'pii-key')
    writeFileSync(file, 'a key no longer')
    const spoilt = () => piiKeys(loadConfig({ DATA_HOME: dataHome }))
    expect(spoilt).toThrow(`${file} is not usable: entry 1 must be 32 bytes in base64`)
    expect(spoilt).not.toThrow('no longer')
  })
})
