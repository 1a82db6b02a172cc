import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { TokenSettings } from './auth/viewer.ts'
import type { Config } from './config.ts'
import { type PiiKey, parsePiiKeys } from './pii/keys.ts'

/** With neither JWT_SECRET nor JWKS_URL a secret is made once and kept in DATA_HOME, for its owner only. Production refuses before this. */
export function tokenSettings({ auth, dataHome }: Pick<Config, 'auth' | 'dataHome'>): TokenSettings {
  const { issuer, audience, jwksUrl } = auth
  if (jwksUrl) return { jwksUrl, issuer, audience }
  return { secret: auth.secret ?? keptSecret(path.join(dataHome, 'jwt-secret')), issuer, audience }
}

/** Without PII_KEY, as above. */
export function piiKeys({ piiKeys, dataHome }: Pick<Config, 'piiKeys' | 'dataHome'>): readonly PiiKey[] {
  if (piiKeys) return piiKeys
  const file = path.join(dataHome, 'pii-key')
  const text = keptSecret(file)
  try {
    return parsePiiKeys(text)
  } catch (error) {
    throw new Error(`${file} is not usable: ${(error as Error).message}. Without it no contact detail can be read.`)
  }
}

/** What webhooks are signed with: without WEBHOOK_SECRET as above, and in production (null) none. */
export function webhookSecret({ production, webhookSecret, dataHome }: SecretOfWebhooks): string | null {
  if (webhookSecret || production) return webhookSecret ?? null
  return keptSecret(path.join(dataHome, 'webhook-secret'))
}
type SecretOfWebhooks = Pick<Config, 'production' | 'webhookSecret' | 'dataHome'>

function keptSecret(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true })
    // Whole or not at all, and never over what another process has put there meanwhile.
    const fresh = `${file}.${process.pid}`
    writeFileSync(fresh, randomBytes(32).toString('base64'), { mode: 0o600 })
    try {
      linkSync(fresh, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(fresh)
    }
  }
  return readFileSync(file, 'utf8')
}
