import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { parsePiiKeys } from '../../src/pii/keys.ts'
import { piiKey } from '../support/pii.ts'

describe('PII_KEY', () => {
  const ids = (text: string) => parsePiiKeys(text).map(({ id }) => id)

  it('is one key, or several with ids, the first to write with', () => {
    expect(ids(`new:${piiKey(2)}, old:${piiKey(1)}`)).toEqual(['new', 'old'])
    expect(ids(piiKey(1))).toHaveLength(1)
  })

  it('goes by a fingerprint without an id: the same for the same key, in either spelling of base64', () => {
    const bytes = Buffer.alloc(32, 0xfb)
    const spellings = [bytes.toString('base64'), bytes.toString('base64url')]
    expect(spellings[0]).not.toBe(spellings[1])
    const [one, two] = spellings.map((spelling) => ids(spelling)[0])
    expect(one).toMatch(/^[\w-]{8}$/)
    expect(two).toBe(one)
    expect(ids(piiKey(2))).not.toEqual([one])
  })

  it.each([
    ['too short', Buffer.alloc(31, 1).toString('base64'), /^entry 1 must be 32 bytes/],
    ['too long', Buffer.alloc(33, 1).toString('base64'), /^entry 1 must be 32 bytes/],
    ['not base64', `${piiKey(1).slice(0, 20)}!${piiKey(1).slice(21)}`, /^entry 1 must be 32 bytes/],
    ['an empty entry', `${piiKey(1)},`, /^entry 2 must be 32 bytes/],
    ['an id with a space', `a:${piiKey(1)},my key:${piiKey(2)}`, /^entry 2 .* id \(letters/],
    ['an id that is too long', `${'i'.repeat(33)}:${piiKey(1)}`, /^entry 1 /],
    ['an id twice', `a:${piiKey(1)},b:${piiKey(2)},a:${piiKey(3)}`, /^two entries have the id a$/],
    ['a key twice', `${piiKey(1)},${piiKey(1)}`, /^two entries have the id /],
  ])('is refused when it holds %s, without being shown', (_what, text, message) => {
    expect(() => parsePiiKeys(text)).toThrow(message)
    expect(() => loadConfig({ PII_KEY: text })).toThrow(/PII_KEY: /)
    try {
      loadConfig({ PII_KEY: text })
    } catch (error) {
      expect(String(error)).not.toContain(text.replace(/^\w+:/, '').slice(0, 10))
    }
  })

  it('is needed in production, and never printed with the config', () => {
    expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow('PII_KEY: is needed in production')
    const config = loadConfig({ PII_KEY: `a:${piiKey(7)}` })
    for (const text of [JSON.stringify(config), inspect(config, { depth: 9 })])
      expect(text).not.toMatch(/BwcHBwcH|07 07|0707|7,\s*7/)
  })
})
