/** Whom a condition holds for: these, or everybody but these. Who everybody is need not be known to combine them. */
export type Found = { ids: ReadonlySet<string>; others: boolean }

export const these = (ids: Iterable<string>): Found => ({ ids: new Set(ids), others: false })

export const not = ({ ids, others }: Found): Found => ({ ids, others: !others })

export const all = (found: readonly Found[]): Found => found.reduce(both, not(these([])))

export const any = (found: readonly Found[]): Found => not(all(found.map(not)))

function both(a: Found, b: Found): Found {
  if (a.others && b.others) return { ids: union(a.ids, b.ids), others: true }
  if (a.others) return both(b, a)
  const [smaller, larger] = !b.others && b.ids.size < a.ids.size ? [b.ids, a.ids] : [a.ids, b.ids]
  const ids = new Set<string>()
  for (const id of smaller) if (larger.has(id) !== b.others) ids.add(id)
  return { ids, others: false }
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  const [smaller, larger] = a.size < b.size ? [a, b] : [b, a]
  if (smaller.size === 0) return larger
  const ids = new Set(larger)
  for (const id of smaller) ids.add(id)
  return ids
}
