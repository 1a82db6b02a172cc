export type Pace = { readonly size: number; note(messages: number, seconds: number): void }

/**
 * How many messages to write at a time: more while a full batch is done within the target, half as many when it takes twice as long.
 * Large batches are cheaper a message, but hold their locks, and whoever reads beside them, longer.
 */
export function createPace({ start = 50, max = 1_000, targetSeconds = 0.1 } = {}): Pace {
  let size = start
  return {
    get size() {
      return size
    },
    note(messages, seconds) {
      if (seconds > 2 * targetSeconds) size = Math.max(1, Math.floor(Math.min(size, messages) / 2))
      else if (seconds < targetSeconds && messages >= size) size = Math.min(max, Math.ceil(size * 1.25))
    },
  }
}
