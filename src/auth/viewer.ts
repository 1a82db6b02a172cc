import { SignJWT } from 'jose'
import { DomainError } from '../errors.ts'

export const ROLES = ['STOREFRONT', 'MARKETER', 'ANALYST', 'ADMIN', 'INGEST', 'PRIVACY_OFFICER'] as const
export type Role = (typeof ROLES)[number]

export type Viewer = {
  subject: string
  role: Role
  /** Set when the token speaks for one customer only. */
  customer: string | null
  /** The token's own id, if it has one. */
  tokenId: string | null
  /** Seconds since the epoch; 0 when the token does not say. */
  issuedAt: number
  /** Seconds since the epoch. */
  expiresAt: number
}

/** Tokens are signed here by a shared secret, or elsewhere by keys whose public halves are fetched from a URL. */
export type TokenSettings = { issuer: string; audience: string } & (
  | { secret: string; jwksUrl?: undefined }
  | { jwksUrl: string; secret?: undefined }
)

export const secretKey = (secret: string) => new TextEncoder().encode(secret)

/** `ttl` as jose reads it: "1h", "30m", "7d". @throws Error where tokens are signed elsewhere. */
export async function signToken(
  {
    role,
    subject,
    customer,
    ttl = '1h',
  }: { role: Role; subject: string; customer?: string | undefined; ttl?: string | undefined },
  { secret, issuer, audience }: TokenSettings,
): Promise<string> {
  if (secret === undefined) throw new Error('JWKS_URL is set: tokens come from the identity provider, not from here')
  return new SignJWT({ role, ...(customer ? { customer } : {}) })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(ttl)
    .sign(secretKey(secret))
}

/** The token of `authorization: Bearer …`, if there is one. */
export function bearer(header: unknown): string | null {
  if (typeof header !== 'string' || header === '') return null
  const match = /^Bearer (\S+)$/i.exec(header)
  if (!match) throw new DomainError('UNAUTHENTICATED', 'The authorization header must read "Bearer <token>".')
  return match[1]!
}
