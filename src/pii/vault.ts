import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { PiiKey } from './keys.ts'
import { seal, unseal } from './seal.ts'

/** Says for operators why a value can't be read: neither the value nor whose it is. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
}

/** The key of one owner. What it seals is bound to the owner and the field: it can be moved to no other. */
export type DataKey = {
  /** As it may be stored, `v1.<id of the PII key>.<sealed>`: forget it, and all it sealed is lost for good. */
  wrapped: string
  /** `v1.<sealed>`, another one each time. */
  seal(field: string, text: string): string
  /** @throws UnreadableError */
  open(field: string, sealed: string): string
}
export type Vault = {
  newKey(owner: string): DataKey
  /** @throws UnreadableError */
  unwrap(owner: string, wrapped: string): DataKey
  /** The same data key, wrapped by the first PII key. @throws UnreadableError */
  rewrap(owner: string, wrapped: string): string
  /** The id of the first PII key, which is written with. */
  current: string
  /** How many PII keys there are. */
  keys: number
  /** What stands for a value in an index, `<id of the PII key>.<HMAC-SHA-256>`. */
  index(field: string, value: string): string
  /** The same under every PII key there is, to look a value up. */
  indexes(field: string, value: string): string[]
}

const VERSION = 'v1'
const bound = (...parts: string[]) => JSON.stringify([VERSION, ...parts])

/** Envelope encryption under the keys of PII_KEY; the first of them is the one for what is new. */
export function createVault(keys: readonly PiiKey[]): Vault {
  const [current] = keys
  if (!current) throw new Error('A vault needs a key')

  const index = ({ id, index }: PiiKey, field: string, value: string) =>
    `${id}.${createHmac('sha256', index).update(bound(field, value)).digest('base64url')}`

  const wrap = (owner: string, bytes: Buffer) =>
    `${VERSION}.${current.id}.${seal(current.wrapping, bytes, bound('key', owner, current.id))}`

  function bytesOf(owner: string, wrapped: string): Buffer {
    const [version, id, sealed, ...more] = wrapped.split('.')
    if (version !== VERSION || id === undefined || sealed === undefined || more.length > 0)
      throw new UnreadableError('A data key has an unknown form.')
    const key = keys.find((key) => key.id === id)
    if (!key) throw new UnreadableError(`PII_KEY has no key with the id ${JSON.stringify(id.slice(0, 32))}.`)
    const bytes = unseal(key.wrapping, sealed, bound('key', owner, id))
    if (bytes?.length !== 32) throw new UnreadableError(`A data key is not what PII key ${id} wrapped.`)
    return bytes
  }

  return {
    newKey: (owner) => {
      const bytes = randomBytes(32)
      return dataKey(owner, createSecretKey(bytes), wrap(owner, bytes))
    },
    unwrap: (owner, wrapped) => dataKey(owner, createSecretKey(bytesOf(owner, wrapped)), wrapped),
    rewrap: (owner, wrapped) => wrap(owner, bytesOf(owner, wrapped)),
    current: current.id,
    keys: keys.length,
    index: (field, value) => index(current, field, value),
    indexes: (field, value) => keys.map((key) => index(key, field, value)),
  }
}

function dataKey(owner: string, key: KeyObject, wrapped: string): DataKey {
  return {
    wrapped,
    seal: (field, text) => `${VERSION}.${seal(key, Buffer.from(text), bound('field', owner, field))}`,
    open: (field, stored) => {
      const [version, sealed, ...more] = stored.split('.')
      if (version !== VERSION || sealed === undefined || more.length > 0)
        throw new UnreadableError(`A sealed ${field} has an unknown form.`)
      const bytes = unseal(key, sealed, bound('field', owner, field))
      if (!bytes) throw new UnreadableError(`A sealed ${field} is not what was written.`)
      return bytes.toString()
    },
  }
}
