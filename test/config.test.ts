import { describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'

const SECRET = 's'.repeat(32)
const production = {
  NODE_ENV: 'production',
  NEO4J_URI: 'neo4j+s://graph.example.com',
  NEO4J_PASSWORD: 'of-neo4j',
  REDIS_URL: 'rediss://cache.example.com',
}
const provider = { JWKS_URL: 'https://id.example.com/keys', JWT_ISSUER: 'https://id.example.com/' }

describe('The settings', () => {
  it('take either a secret or an identity provider for production, and neither is not enough', () => {
    expect(loadConfig({ ...production, JWT_SECRET: SECRET }).auth).toMatchObject({
      secret: SECRET,
      issuer: 'alongside',
    })
    expect(loadConfig({ ...production, ...provider }).auth).toEqual({
      secret: undefined,
      jwksUrl: provider.JWKS_URL,
      issuer: provider.JWT_ISSUER,
      audience: 'alongside',
    })
    expect(() => loadConfig(production)).toThrow('JWT_SECRET: is needed in production, or JWKS_URL')
  })

  it.each([
    ['JWKS_URL', 'excludes JWT_SECRET', { ...provider, JWT_SECRET: SECRET }],
    ['JWKS_URL', 'must be a URL', { ...provider, JWKS_URL: 'id.example.com/keys' }],
    ['JWKS_URL', 'must be a URL', { ...provider, JWKS_URL: 'file:///etc/keys.json' }],
    ['JWKS_URL', 'use https://', { ...production, ...provider, JWKS_URL: 'http://id.example.com/keys' }],
    ['JWT_ISSUER', 'is needed beside JWKS_URL', { JWKS_URL: provider.JWKS_URL }],
    ['CORS_ORIGINS', '"*" is no origin', { CORS_ORIGINS: 'https://shop.example.com,*' }],
    ['CORS_ORIGINS', 'is no origin', { CORS_ORIGINS: 'https://shop.example.com/' }],
    ['CORS_ORIGINS', 'is no origin', { CORS_ORIGINS: 'shop.example.com' }],
    ['RATE_LIMIT', '', { RATE_LIMIT: '-1' }],
    ['RATE_LIMIT', '', { RATE_LIMIT: 'many' }],
  ])('name %s when it is wrong (%s)', (name, message, env) => {
    expect(() => loadConfig(env)).toThrow(new RegExp(`${name}: .*${message.replace(/[*/]/g, '\\$&')}`))
  })

  it('reach a plain key server on this machine, or one that is named', () => {
    for (const [JWKS_URL, ALLOW_PLAINTEXT] of [
      ['http://127.0.0.1:8080/keys', ''],
      ['http://[::1]/keys', ''],
      ['http://keycloak:8080/keys', 'neo4j,keycloak'],
    ] as const) {
      expect(loadConfig({ ...production, ...provider, JWKS_URL, ALLOW_PLAINTEXT }).auth.jwksUrl).toBe(JWKS_URL)
    }
  })

  it('limit nobody at 0, and by default at 300,000 units a minute', () => {
    expect(loadConfig({}).rateLimit).toBe(300_000)
    expect(loadConfig({ RATE_LIMIT: '' }).rateLimit).toBe(300_000)
    expect(loadConfig({ RATE_LIMIT: '0' }).rateLimit).toBe(0)
    expect(loadConfig({ CORS_ORIGINS: ' https://a.example , http://localhost:3000,' }).corsOrigins).toEqual([
      'https://a.example',
      'http://localhost:3000',
    ])
  })
})
