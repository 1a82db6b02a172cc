import type { Identity } from '../../src/auth/identity.ts'
import type { Role } from '../../src/auth/viewer.ts'
import type { Context } from '../../src/context.ts'

/** Someone signed in with a token that is good, or nobody. */
export const asking = (role: Role | null, customer: string | null = null): Pick<Context, 'viewer' | 'identity'> => ({
  viewer: role && {
    ...{ subject: role, role, customer },
    ...{ tokenId: null, issuedAt: 0, expiresAt: Number.MAX_SAFE_INTEGER },
  },
  identity: GOOD,
})

const GOOD: Identity = {
  verify: () => Promise.reject(new Error('No token is read here')),
  refusal: () => null,
  whenOver: () => () => {},
}
