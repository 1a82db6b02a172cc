/** What waits for one subscriber: at most `limit`; the oldest gives way, and is counted. */
export class Queue<T> implements AsyncIterableIterator<{ value: T; dropped: number }> {
  private readonly waiting: T[] = []
  private dropped = 0
  private ended = false
  private wanted: ((result: IteratorResult<{ value: T; dropped: number }>) => void) | null = null

  constructor(
    private readonly limit: number,
    private readonly onEnd: () => void,
  ) {}

  push(value: T): void {
    if (this.ended) return
    this.waiting.push(value)
    if (this.wanted) {
      const wanted = this.wanted
      this.wanted = null
      wanted(this.take())
    } else if (this.waiting.length > this.limit) {
      this.waiting.shift()
      this.dropped++
    }
  }

  next(): Promise<IteratorResult<{ value: T; dropped: number }>> {
    if (this.ended) return Promise.resolve({ done: true, value: undefined })
    if (this.waiting.length > 0) return Promise.resolve(this.take())
    return new Promise((resolve) => {
      this.wanted = resolve
    })
  }

  async return(): Promise<IteratorResult<never>> {
    if (!this.ended) {
      this.ended = true
      this.waiting.length = 0
      this.onEnd()
      this.wanted?.({ done: true, value: undefined })
    }
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator]() {
    return this
  }

  private take(): IteratorResult<{ value: T; dropped: number }> {
    const { dropped } = this
    this.dropped = 0
    return { done: false, value: { value: this.waiting.shift()!, dropped } }
  }
}
