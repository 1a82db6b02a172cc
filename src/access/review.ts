import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql'
import { reachedFrom } from '../auth/permissions.ts'
import { rolesOf } from '../auth/rules.ts'
import { EXCEPTIONS, ROOTS } from '../auth/table.ts'
import { ROLES, type Role } from '../auth/viewer.ts'
import type { Row } from '../graph/query.ts'

export type FieldReview = {
  /** "Query.crossSell" */
  field: string
  allowed: boolean
  used: number
  /** Days, UTC: "2025-01-31". */
  lastUsed: string | null
  denied: number
  lastDenied: string | null
  /** The types that an allowed field leads this role to. */
  reaches: string[]
}
export type RoleReview = {
  role: Role
  fields: FieldReview[]
  /** Fields of those types that this role may not read. */
  withheld: string[]
  /** Allowed but not used in the time looked at: candidates to be taken away. */
  unused: string[]
}
export type Review = { since: string; until: string; roles: RoleReview[] }

/** Who can do what, and what of it was used. */
export function review(
  schema: GraphQLSchema,
  uses: readonly Row<'access/used'>[],
  { since, until }: Pick<Review, 'since' | 'until'>,
): Review {
  const usesOf = new Map(uses.map((use) => [`${use.role}|${use.field}`, use]))
  const roots = ROOTS.flatMap((root) =>
    Object.values((schema.getType(root) as GraphQLObjectType | undefined)?.getFields() ?? {}).map(({ name, type }) => ({
      root,
      name,
      type: getNamedType(type),
    })),
  )
  const roles = ROLES.map((role): RoleReview => {
    const fields = roots.map(({ root, name, type }): FieldReview => {
      const allowed = rolesOf(`${root}.${name}`).includes(role)
      const use = usesOf.get(`${role}|${name}`)
      return {
        field: `${root}.${name}`,
        allowed,
        used: use?.count ?? 0,
        lastUsed: use?.lastUsed ?? null,
        denied: use?.denied ?? 0,
        lastDenied: use?.lastDenied ?? null,
        reaches: allowed && isObjectType(type) ? [...reachedFrom(type, role)].sort() : [],
      }
    })
    const reached = new Set(fields.flatMap(({ reaches }) => reaches))
    const withheld = Object.keys(EXCEPTIONS).filter(
      (name) => reached.has(name.split('.')[0]!) && !EXCEPTIONS[name]!.includes(role),
    )
    return {
      role,
      fields,
      withheld,
      unused: fields.filter((one) => one.allowed && !one.used).map(({ field }) => field),
    }
  })
  return { since, until, roles }
}

/** Connections and edges say nothing of their own. */
const HELPER = /(Connection|Edge|Relationship|^PageInfo)$/

export function toText({ since, until, roles }: Review): string {
  const parts = roles.map(({ role, fields, withheld, unused }) => {
    const rows = fields.map((one) => [
      one.field,
      one.allowed ? 'yes' : 'no',
      String(one.used),
      one.lastUsed ?? '-',
      String(one.denied),
      one.lastDenied ?? '-',
      one.reaches.filter((type) => !HELPER.test(type)).join(' '),
    ])
    const denied = fields.filter((one) => one.denied > 0)
    return [
      `${role}: ${fields.filter(({ allowed }) => allowed).length} of ${fields.length} root fields`,
      ...table([['field', 'allowed', 'used', 'last', 'denied', 'last', 'reaches'], ...rows]),
      `  withheld: ${withheld.join(', ') || 'nothing'}`,
      `  allowed but never used: ${unused.join(', ') || 'nothing'}`,
      `  denied: ${denied.map((one) => `${one.field} (${one.denied}, last ${one.lastDenied})`).join(', ') || 'nothing'}`,
    ].join('\n')
  })
  return [`Access from ${since} to ${until}`, ...parts].join('\n\n')
}

function table(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd())
}
