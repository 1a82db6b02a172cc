/**
 * Rows by their ids, a page after the other, until one is not full. An id must sort after those of the pages before.
 * @param ask the rows after an id, in the order of their ids, at most `limit`
 */
export async function* pages<T extends { id: string }>(
  ask: (after: string, limit: number) => Promise<T[]>,
  limit: number,
): AsyncGenerator<T[]> {
  for (let after = ''; ; ) {
    const page = await ask(after, limit)
    if (page.length > 0) yield page
    if (page.length < limit) return
    after = page.at(-1)!.id
  }
}

/** The same, all together. */
export async function allPages<T extends { id: string }>(
  ask: (after: string, limit: number) => Promise<T[]>,
  limit = 10_000,
): Promise<T[]> {
  const all: T[] = []
  for await (const page of pages(ask, limit)) all.push(...page)
  return all
}
