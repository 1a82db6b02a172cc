import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The password in `file`, made up on first use. Only its owner may read the file. */
export function passwordIn(file: string): string {
  if (!existsSync(file)) writePrivately(file, randomBytes(24).toString('hex'))
  return readFileSync(file, 'utf8').trim()
}

export function writePrivately(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, text, { mode: 0o600 })
}

/** A line of Neo4j's own `auth.ini`, which a new store takes its first user from: the default password never works. */
export function initialUser(name: string, password: string): string {
  const iterations = 1024
  const salt = randomBytes(32)
  let hash = createHash('sha256').update(salt).update(password).digest()
  for (let i = 1; i < iterations; i++) hash = createHash('sha256').update(hash).digest()
  const hex = (bytes: Buffer) => bytes.toString('hex').toUpperCase()
  return `${name}:SHA-256,${hex(hash)},${hex(salt)},${iterations}:\n`
}
