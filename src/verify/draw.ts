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
