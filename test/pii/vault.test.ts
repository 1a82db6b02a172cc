import { describe, expect, it } from 'vitest'
import { parsePiiKeys } from '../../src/pii/keys.ts'
import { createVault, UnreadableError } from '../../src/pii/vault.ts'
import { piiKey } from '../support/pii.ts'

const vaultOf = (text: string) => createVault(parsePiiKeys(text))
const OLD = `old:${piiKey(1)}`
const NEW = `new:${piiKey(2)}`

describe('The vault', () => {
  const vault = vaultOf(OLD)

  it.each(['Zażółć gęślą jaźń', 'a@example.com', '', '🙂', 'x'.repeat(10_000)])(
    'gives back what it sealed: %.20s',
    (text) => {
      const key = vault.newKey('c1')
      const stored = key.seal('name', text)
      expect(vault.unwrap('c1', key.wrapped).open('name', stored)).toBe(text)
      if (text) expect(stored).not.toContain(text)
    },
  )

  it('never seals alike: not the same value twice, not the same owner twice', () => {
    const key = vault.newKey('c1')
    expect(new Set([key.seal('name', 'A'), key.seal('name', 'A')]).size).toBe(2)
    expect(vault.newKey('c1').wrapped).not.toBe(key.wrapped)
  })

  it('refuses a value or a data key with any one bit flipped, a character changed, added or taken away', () => {
    const key = vault.newKey('c1')
    const stored = key.seal('email', 'anna@example.com')
    const open = (wrapped: string, sealed: string) => vault.unwrap('c1', wrapped).open('email', sealed)
    expect(open(key.wrapped, stored)).toBe('anna@example.com')
    const spoilt = function* (text: string) {
      for (let at = 0; at < text.length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          yield text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1)
        }
        yield text.slice(0, at) + text.slice(at + 1)
      }
      yield* [`${text}A`, `${text}=`, `${text}.`, `${text} `, ` ${text}`, '']
    }
    for (const text of spoilt(stored)) expect(() => open(key.wrapped, text), text).toThrow(UnreadableError)
    for (const text of spoilt(key.wrapped)) expect(() => open(text, stored), text).toThrow(UnreadableError)
  })

  it('opens a value for its own customer and field only, and a data key for its own customer only', () => {
    const [anna, jan] = [vault.newKey('anna'), vault.newKey('jan')]
    const email = anna.seal('email', 'anna@example.com')
    expect(() => anna.open('name', email)).toThrow(UnreadableError)
    expect(() => jan.open('email', email)).toThrow(UnreadableError)
    expect(() => vault.unwrap('jan', anna.wrapped)).toThrow(UnreadableError)
  })

  it('reads with every key it has and writes with the first', () => {
    const before = vaultOf(OLD).newKey('c1')
    const sealed = before.seal('name', 'Anna')
    const both = vaultOf(`${NEW},${OLD}`)
    expect(both.unwrap('c1', before.wrapped).open('name', sealed)).toBe('Anna')
    expect(before.wrapped).toMatch(/^v1\.old\./)
    expect(both.newKey('c1').wrapped).toMatch(/^v1\.new\./)
    expect(both.index('email', 'a')).toMatch(/^new\./)
    expect(both.indexes('email', 'a')).toContain(vaultOf(OLD).index('email', 'a'))
  })

  it('names the key that is missing, and tells it from one that is another than it was', () => {
    const { wrapped } = vaultOf(OLD).newKey('c1')
    expect(() => vaultOf(NEW).unwrap('c1', wrapped)).toThrow('PII_KEY has no key with the id "old".')
    expect(() => vaultOf(`old:${piiKey(9)}`).unwrap('c1', wrapped)).toThrow(
      'A data key is not what PII key old wrapped.',
    )
    const nameless = vaultOf(piiKey(1)).newKey('c1').wrapped
    expect(() => vaultOf(piiKey(2)).unwrap('c1', nameless)).toThrow(/has no key with the id/)
  })

  it('has one index for a value and a field, which tells nothing without the key', () => {
    expect(vault.index('email', 'a')).toBe(vaultOf(OLD).index('email', 'a'))
    const others = [
      vault.index('phone', 'a'),
      vault.index('email', 'b'),
      vaultOf(`old:${piiKey(9)}`).index('email', 'a'),
    ]
    expect(new Set([vault.index('email', 'a'), ...others]).size).toBe(4)
    expect(vault.index('email', 'a')).toMatch(/^old\.[\w-]{43}$/)
  })
})
