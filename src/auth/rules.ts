import type { Context } from '../context.ts'
import { DomainError } from '../errors.ts'
import { MANY_CUSTOMERS, ROOT_FIELDS } from './table.ts'
import type { Role, Viewer } from './viewer.ts'

const CONNECTION = /Connection$/

/** The roles of a root field ("Query.products"); a `…Connection` has those of the read it goes with. */
export function rolesOf(field: string): readonly Role[] {
  return ROOT_FIELDS[field] ?? ROOT_FIELDS[field.replace(CONNECTION, '')] ?? []
}

export const permissionsOf = (role: Role): string[] =>
  Object.keys(ROOT_FIELDS)
    .filter((field) => ROOT_FIELDS[field]!.includes(role))
    .map((field) => field.split('.')[1]!)
    .sort()

export const tokenNeeded = () => new DomainError('UNAUTHENTICATED', 'A token is needed: authorization: Bearer <token>.')

/** Null when the viewer is one of these roles and the token still good, otherwise what to answer. */
export function refusal(
  { viewer, identity }: Pick<Context, 'viewer' | 'identity'>,
  roles: readonly Role[],
  what: string,
): DomainError | null {
  if (!viewer) return tokenNeeded()
  const over = identity.refusal(viewer)
  if (over) return over
  if (!roles.includes(viewer.role)) return new DomainError('FORBIDDEN', `${viewer.role} may not use ${what}.`)
  return null
}

/** Null when the viewer may use a root field ("Query.products") with these arguments. */
export function rootRefusal(
  name: string,
  args: Readonly<Record<string, unknown>>,
  asking: Pick<Context, 'viewer' | 'identity'>,
): DomainError | null {
  const field = name.slice(name.indexOf('.') + 1)
  return refusal(asking, rolesOf(name), name) ?? customerRefusal(asking.viewer!, field, args)
}

/** A token that speaks for one customer may name no other, existing or not, and see no list of many. */
function customerRefusal(
  viewer: Viewer,
  fieldName: string,
  args: Readonly<Record<string, unknown>>,
): DomainError | null {
  if (viewer.customer === null) return null
  const many = MANY_CUSTOMERS.has(fieldName.replace(CONNECTION, ''))
  const named = fieldName === 'customer' ? [args.id] : customerIds(args)
  const bound = named.every((id) => id === viewer.customer)
  const unnamed = fieldName === 'orderRecorded' && named.length === 0
  return many || !bound || unnamed ? new DomainError('FORBIDDEN', 'This token speaks for one customer only.') : null
}

/** Whatever a caller nests, however deep: not by recursion. */
function customerIds(args: unknown): unknown[] {
  const ids: unknown[] = []
  const rest = [args]
  while (rest.length > 0) {
    const value = rest.pop()
    if (value === null || typeof value !== 'object') continue
    for (const [name, inner] of Object.entries(value)) {
      if (name !== 'customerId') rest.push(inner)
      else if (inner !== null) ids.push(inner)
    }
  }
  return ids
}
