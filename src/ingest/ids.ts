/**
 * Which ids were seen, 64 bits of each: at most 32 bytes an id, so that millions fit where strings would not.
 * Among 10 million ids the chance that any two are taken for one is about 3 in a million.
 */
export class IdSet {
  private high = new Uint32Array(1 << 12)
  private low = new Uint32Array(1 << 12)
  private size = 0

  has(id: string): boolean {
    const [high, low] = hash(id)
    const at = this.place(high, low)
    return this.low[at] !== 0
  }

  add(id: string): void {
    const [high, low] = hash(id)
    if (!this.put(high, low)) return
    this.size++
    if (this.size * 2 > this.low.length) this.grow()
  }

  private put(high: number, low: number): boolean {
    const at = this.place(high, low)
    if (this.low[at] !== 0) return false
    this.high[at] = high
    this.low[at] = low
    return true
  }

  /** Where it is, or the free place where it would be. */
  private place(high: number, low: number): number {
    const mask = this.low.length - 1
    let at = high & mask
    while (this.low[at] !== 0 && (this.low[at] !== low || this.high[at] !== high)) at = (at + 1) & mask
    return at
  }

  private grow(): void {
    const [high, low] = [this.high, this.low]
    this.high = new Uint32Array(high.length * 2)
    this.low = new Uint32Array(low.length * 2)
    for (let at = 0; at < low.length; at++) if (low[at] !== 0) this.put(high[at]!, low[at]!)
  }
}

/** Two independent 32-bit hashes (cyrb53's mixing); the second is never 0, which marks a free place. */
function hash(text: string): [number, number] {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return [a >>> 0, b >>> 0 || 1]
}
