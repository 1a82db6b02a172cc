/** Groups of items (orders, or whole customers): the items of group g are member[start[g]] .. member[start[g + 1]]. */
export type Groups = { start: Int32Array; member: Int32Array }

/** The same the other way round: the groups of each item, ascending. */
export function byItem(groups: Groups, items: number): Groups {
  const start = new Int32Array(items + 1)
  for (const item of groups.member) start[item + 1]!++
  for (let item = 0; item < items; item++) start[item + 1]! += start[item]!
  const next = start.slice()
  const member = new Int32Array(groups.member.length)
  for (let group = 0; group + 1 < groups.start.length; group++)
    for (let n = groups.start[group]!; n < groups.start[group + 1]!; n++) member[next[groups.member[n]!]!++] = group
  return { start, member }
}
