/** 0 to 1, the same sequence for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Some of these, none twice, in the order they were drawn. */
export function draw<T>(all: readonly T[], count: number, next: () => number): T[] {
  const left = [...all]
  const drawn: T[] = []
  while (drawn.length < count && left.length > 0) {
    const at = Math.floor(next() * left.length)
    drawn.push(left[at]!)
    left[at] = left.at(-1)!
    left.pop()
  }
  return drawn
}
