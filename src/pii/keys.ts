import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** One key of PII_KEY: what is derived from its 32 bytes, a key for each use. Printing it shows nothing. */
export type PiiKey = Readonly<{ id: string; wrapping: KeyObject; index: KeyObject }>

const ENTRY = /^(?:([A-Za-z0-9_-]{1,32}):)?([A-Za-z0-9+/_-]{43}=?)$/

/**
 * `KEY`, `id:KEY` or several of them by commas, each 32 bytes in base64. The first is written with, all are read with. A key without
 * an id goes by its fingerprint: when another key stands in its place, that is told from a value that was tampered with.
 * @throws Error that says which entry is wrong, never what it holds.
 */
export function parsePiiKeys(text: string): readonly PiiKey[] {
  const keys = text.split(',').map((entry, at) => {
    const [, id, encoded] = ENTRY.exec(entry.trim()) ?? []
    if (!encoded) {
      throw new Error(
        `entry ${at + 1} must be 32 bytes in base64, alone or after an id (letters, digits, _ or -, at most 32) and a colon`,
      )
    }
    const bytes = Buffer.from(encoded, 'base64')
    return {
      id: id ?? derive(bytes, 'id').toString('base64url').slice(0, 8),
      wrapping: createSecretKey(derive(bytes, 'wrapping')),
      index: createSecretKey(derive(bytes, 'index')),
    }
  })
  const twice = keys.find(({ id }, at) => keys.findIndex((key) => key.id === id) !== at)
  if (twice) throw new Error(`two entries have the id ${twice.id}`)
  return keys
}

const derive = (bytes: Buffer, use: string) => Buffer.from(hkdfSync('sha256', bytes, '', `alongside pii ${use}`, 32))
