import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { createAuthority, hasOpenssl } from './support/certificates.ts'

const PRODUCTION = {
  NODE_ENV: 'production',
  JWT_SECRET: 'j'.repeat(32),
  NEO4J_URI: 'neo4j+s://graph.example.com',
  NEO4J_PASSWORD: 'secret',
  REDIS_URL: 'rediss://cache.example.com',
}

describe('Production', () => {
  it('takes encrypted connections to other hosts, and plain ones to this machine', () => {
    expect(loadConfig(PRODUCTION).production).toBe(true)
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const here = { NEO4J_URI: `bolt://${host}:7687`, REDIS_URL: `redis://:a@${host}:6379` }
      expect(loadConfig({ ...PRODUCTION, ...here }).neo4j!.uri).toBe(here.NEO4J_URI)
    }
  })

  it.each([
    ['NEO4J_URI', 'bolt://graph.example.com'],
    ['NEO4J_URI', 'neo4j://localhost.example.com:7687'],
    ['REDIS_URL', 'redis://localhost:secret@cache.example.com'],
  ])('refuses %s=%s and names it, unless its host is in ALLOW_PLAINTEXT', (name, url) => {
    const env = { ...PRODUCTION, [name]: url }
    expect(() => loadConfig(env)).toThrow(`${name}: is a plain connection to another host`)
    const host = /[\w.]+\.com/.exec(url)![0]
    expect(loadConfig({ ...env, ALLOW_PLAINTEXT: `other, ${host}` }).production).toBe(true)
  })

  it.each(['neo4j+ssc', 'bolt+ssc'])('refuses %s://, which takes any certificate, even from this machine', (scheme) => {
    const env = { ...PRODUCTION, NEO4J_URI: `${scheme}://localhost`, ALLOW_PLAINTEXT: 'localhost' }
    expect(() => loadConfig(env)).toThrow('NEO4J_URI: takes any certificate')
    expect(loadConfig({ ...env, NODE_ENV: 'development' }).neo4j!.uri).toBe(env.NEO4J_URI)
  })
})

const title = hasOpenssl ? 'TLS_CERT, TLS_KEY and TLS_CA' : 'TLS_CERT, TLS_KEY and TLS_CA (openssl is not installed)'
describe.skipIf(!hasOpenssl)(title, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'alongside-config-'))
  const noPem = path.join(folder, 'no.pem')
  const broken = path.join(folder, 'broken.pem')
  let ca: string
  let ours: { cert: string; key: string }
  let other: { cert: string; key: string }

  beforeAll(() => {
    const authority = createAuthority(folder, 'ours')
    ca = authority.ca
    ours = authority.issue('one')
    other = authority.issue('other')
    writeFileSync(noPem, 'not a certificate')
    writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('are taken as files, and the authority goes with Neo4j and Redis', () => {
    const config = loadConfig({ ...PRODUCTION, TLS_CERT: ours.cert, TLS_KEY: ours.key, TLS_CA: ca })
    expect(config.tls).toEqual(ours)
    expect([config.neo4j!.ca, config.redis!.ca]).toEqual([ca, ca])
    expect(loadConfig(PRODUCTION).tls).toBeUndefined()
  })

  it('are refused when one of the pair is missing, unreadable, no PEM file or of another pair, by name', () => {
    const refused = (env: Record<string, string>) => expect(() => loadConfig(env))
    refused({ TLS_CERT: ours.cert }).toThrow('TLS_KEY: is needed beside TLS_CERT')
    refused({ TLS_KEY: ours.key }).toThrow('TLS_CERT: is needed beside TLS_KEY')
    refused({ TLS_CERT: ours.cert, TLS_KEY: `${ours.key}.gone` }).toThrow('TLS_KEY: cannot be read: ENOENT')
    refused({ TLS_CERT: noPem, TLS_KEY: ours.key }).toThrow(`TLS_CERT: ${noPem} is no PEM file of a certificate`)
    refused({ TLS_CERT: ours.key, TLS_KEY: ours.cert }).toThrow(/TLS_CERT: .*\n.*TLS_KEY: .* private key/)
    refused({ TLS_CERT: ours.cert, TLS_KEY: other.key }).toThrow('TLS_KEY: is not the key of TLS_CERT')
    refused({ TLS_CA: broken }).toThrow(`TLS_CA: ${broken} holds no usable certificate`)
  })
})
