import { Queue } from './queue.ts'

type Stop = () => void
export type WatchOptions<T> = {
  compute: (key: string) => Promise<T>
  /** Calls `wake` whenever it may have become something else. */
  listen: (key: string, wake: () => void) => Stop
  everyMs: number
  /** Hears of a failure; the next wake tries again. */
  onError: (error: unknown) => void
}
export type Watch<T> = (key: string) => Promise<AsyncIterableIterator<{ value: T }>>

/**
 * State that is computed once for all who watch it on this instance: at once, and again when it may have changed, at most so often
 * and never more than half of the time. Whoever is slow gets the newest only.
 */
export function createWatch<T>({ compute, listen, everyMs, onError }: WatchOptions<T>): Watch<T> {
  type Watched = { queues: Set<Queue<T>>; stop: Stop }
  const watched = new Map<string, Watched>()

  function start(key: string, first: T): Watched {
    const queues = new Set<Queue<T>>()
    let told = JSON.stringify(first)
    let next = performance.now() + everyMs
    let timer: ReturnType<typeof setTimeout> | undefined
    let computing = false
    let again = false
    const run = async () => {
      computing = true
      again = false
      const began = performance.now()
      try {
        const value = await compute(key)
        const text = JSON.stringify(value)
        if (text !== told) for (const queue of queues) queue.push(value)
        told = text
      } catch (error) {
        onError(error)
      }
      next = began + Math.max(everyMs, 2 * (performance.now() - began))
      computing = false
      timer = undefined
      if (again && queues.size > 0) wake()
    }
    const wake = () => {
      again = true
      if (!computing) timer ??= setTimeout(run, Math.max(0, next - performance.now()))
    }
    const silence = listen(key, wake)
    return {
      queues,
      stop: () => {
        silence()
        clearTimeout(timer)
        watched.delete(key)
      },
    }
  }

  return async (key) => {
    const first = await compute(key)
    const shared = watched.get(key) ?? start(key, first)
    watched.set(key, shared)
    const queue = new Queue<T>(1, () => {
      shared.queues.delete(queue)
      if (shared.queues.size === 0) shared.stop()
    })
    shared.queues.add(queue)
    queue.push(first)
    return queue
  }
}
