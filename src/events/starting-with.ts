/** What is told at once, then the events. Not by an async generator: that would not pass `return` on while it waits for an event. */
export function startingWith<T>(first: T, events: AsyncIterableIterator<T>): AsyncIterableIterator<T> {
  let told = false
  return {
    next: () => {
      if (told) return events.next()
      told = true
      return Promise.resolve({ done: false, value: first })
    },
    return: (value) => events.return?.(value) ?? Promise.resolve({ done: true, value }),
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
