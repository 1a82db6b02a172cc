import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { DomainError } from '../errors.ts'

export const ROLES = ['STOREFRONT', 'MARKETER', 'ANALYST', 'ADMIN', 'INGEST', 'PRIVACY_OFFICER'] as const
export type Role = (typeof ROLES)[number]

export type Viewer = {
  subject: string
  role: Role
  /** Set when the token speaks for one customer only. */
  customer: string | null
  /** Seconds since the epoch. */
  expiresAt: number
}

export type TokenSettings = { secret: string; issuer: string; audience: string }

const claims = z.object({
  sub: z.string().min(1),
  role: z.enum(ROLES),
  customer: z.string().min(1).optional(),
  exp: z.number(),
})

const key = (secret: string) => new TextEncoder().encode(secret)

/** @throws DomainError UNAUTHENTICATED for anything but a valid, unexpired token of ours. */
export async function verifyToken(token: string, { secret, issuer, audience }: TokenSettings): Promise<Viewer> {
  try {
    const { payload } = await jwtVerify(token, key(secret), { issuer, audience, algorithms: ['HS256'] })
    const { sub, role, customer, exp } = claims.parse(payload)
    return { subject: sub, role, customer: customer ?? null, expiresAt: exp }
  } catch (error) {
    const expired = error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED'
    throw new DomainError('UNAUTHENTICATED', expired ? 'The token has expired.' : 'The token is not valid.')
  }
}

/** `ttl` as jose reads it: "1h", "30m", "7d". */
export function signToken(
  {
    role,
    subject,
    customer,
    ttl = '1h',
  }: { role: Role; subject: string; customer?: string | undefined; ttl?: string | undefined },
  { secret, issuer, audience }: TokenSettings,
): Promise<string> {
  return new SignJWT({ role, ...(customer ? { customer } : {}) })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(ttl)
    .sign(key(secret))
}

/** The token of `authorization: Bearer …`, if there is one. */
export function bearer(header: unknown): string | null {
  if (typeof header !== 'string' || header === '') return null
  const match = /^Bearer (\S+)$/i.exec(header)
  if (!match) throw new DomainError('UNAUTHENTICATED', 'The authorization header must read "Bearer <token>".')
  return match[1]!
}
