import { createHash } from 'node:crypto'
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { DomainError } from '../errors.ts'
import { checkText } from '../input.ts'
import { callAt } from '../timer.ts'
import type { Revocations } from './revocations.ts'
import { ROLES, secretKey, type TokenSettings, type Viewer } from './viewer.ts'

/** Characters of a subject or a token's id; OpenID Connect allows a subject 255. */
export const MAX_CLAIM = 255
/** Public keys only: a published key must never pass for a shared secret. */
const PUBLIC_KEY_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]
/** A key that is not known is asked for at once, but the server not more often than every 5 s; one that was taken away is forgotten after 10 min. */
const KEYS = { cooldownDuration: 5_000, cacheMaxAge: 600_000, timeoutDuration: 3_000 }
const TELL_MS = 10_000
/** Tokens found good, by their hash: a client sends the same one again and again. Not for long, for its key may be taken away. */
const REMEMBERED = { max: 10_000, ttl: 60_000 }

const claims = z.object({
  sub: z.string(),
  role: z.enum(ROLES),
  customer: z.string().min(1).optional(),
  jti: z.string().optional(),
  iat: z.number().optional(),
  exp: z.number(),
})

export type Identity = {
  /** @throws DomainError UNAUTHENTICATED for anything but a good token; UNAVAILABLE when its key can't be fetched. */
  verify(token: string): Promise<Viewer>
  /** Null while the token of a viewer is still good, otherwise what to answer. */
  refusal(viewer: Viewer): DomainError | null
  /** Calls `end` when the token expires or is revoked. Answers how to call it off. */
  whenOver(viewer: Viewer, end: (why: string) => void): () => void
}

const EXPIRED = 'The token has expired.'
const REVOKED = 'The token has been revoked.'

/** `onError` hears that the key server is away, every 10 s at most. */
export function createIdentity(
  settings: TokenSettings,
  revocations: Revocations,
  onError: (error: unknown) => void,
): Identity {
  const { issuer, audience } = settings
  const getKey = settings.jwksUrl === undefined ? sharedKey(settings.secret) : remoteKeys(settings.jwksUrl, onError)
  const algorithms = settings.jwksUrl === undefined ? ['HS256'] : PUBLIC_KEY_ALGORITHMS

  async function read(token: string): Promise<Viewer> {
    try {
      const { payload } = await jwtVerify(token, getKey, { issuer, audience, algorithms })
      const { sub, role, customer, jti, iat, exp } = claims.parse(payload)
      // As revokeTokens does: a token that nobody could revoke is not taken.
      checkText('sub', sub, MAX_CLAIM)
      if (jti !== undefined) checkText('jti', jti, MAX_CLAIM)
      const [tokenId, issuedAt] = [jti ?? null, iat ?? 0]
      return { subject: sub, role, customer: customer ?? null, tokenId, issuedAt, expiresAt: exp }
    } catch (error) {
      if (error instanceof DomainError && error.code === 'UNAVAILABLE') throw error
      throw unauthenticated(error instanceof errors.JWTExpired ? EXPIRED : 'The token is not valid.')
    }
  }

  const known = new LRUCache<string, Viewer>(REMEMBERED)

  const identity: Identity = {
    verify: async (token) => {
      const hash = createHash('sha256').update(token).digest('base64')
      const before = known.get(hash)
      const viewer = before ?? (await read(token))
      if (!before) known.set(hash, viewer)
      const over = identity.refusal(viewer)
      if (over) throw over
      return viewer
    },
    refusal: (viewer) => {
      if (viewer.expiresAt * 1000 <= Date.now()) return unauthenticated(EXPIRED)
      return revocations.has(viewer) ? unauthenticated(REVOKED) : null
    },
    whenOver: (viewer, end) => {
      const stopExpiry = callAt(viewer.expiresAt * 1000, () => end(EXPIRED))
      const stopRevocation = revocations.watch(viewer, () => {
        if (revocations.has(viewer)) end(REVOKED)
      })
      // Since it was verified.
      if (revocations.has(viewer)) end(REVOKED)
      return () => {
        stopExpiry()
        stopRevocation()
      }
    },
  }
  return identity
}

const unauthenticated = (message: string) => new DomainError('UNAUTHENTICATED', message)

function sharedKey(secret: string): JWTVerifyGetKey {
  const key = secretKey(secret)
  return () => key
}

function remoteKeys(url: string, onError: (error: unknown) => void): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), KEYS)
  let toldAt = Number.NEGATIVE_INFINITY
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      // These two are about the token; all others about whoever keeps the keys.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error
      if (performance.now() - toldAt >= TELL_MS) {
        toldAt = performance.now()
        onError(error)
      }
      throw new DomainError('UNAVAILABLE', 'The token can not be checked right now.', {}, { cause: error })
    }
  }
}
