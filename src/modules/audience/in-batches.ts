import DataLoader from 'dataloader'

/** Reads by id what is asked for in one tick, so many at a time: ten thousand members must not ask at once. */
export function inBatches<T>(size: number, read: (ids: readonly string[]) => Promise<T[]>): (id: string) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  const loader = new DataLoader<string, T>(
    (ids) => {
      const next = last.then(() => read(ids))
      last = next.catch(() => {})
      return next
    },
    { maxBatchSize: size },
  )
  return (id) => loader.load(id)
}
