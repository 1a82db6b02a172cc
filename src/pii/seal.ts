import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const IV = 12
const TAG = 16

/** AES-256-GCM with a fresh IV; `bound` is authenticated with it. Answers IV, ciphertext and tag as base64url. */
export function seal(key: KeyObject, plain: Buffer, bound: string): string {
  const iv = randomBytes(IV)
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG }).setAAD(Buffer.from(bound))
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** Null unless it is what was sealed with this key and `bound`, to the last bit. */
export function unseal(key: KeyObject, sealed: string, bound: string): Buffer | null {
  const bytes = Buffer.from(sealed, 'base64url')
  // Several texts decode to the same bytes: only the one that was written will do.
  if (bytes.length < IV + TAG || bytes.toString('base64url') !== sealed) return null
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV), { authTagLength: TAG })
    .setAAD(Buffer.from(bound))
    .setAuthTag(bytes.subarray(-TAG))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV, -TAG)), decipher.final()])
  } catch {
    return null
  }
}
