/**
 * Writes a few batches of a file at a time. What is noted as reached never runs ahead of what has been committed: a batch that
 * commits before an earlier one leaves the mark where the earlier one begins, and is written again after an interruption.
 */
export class Lanes {
  private readonly open: { rows: number; committed: boolean }[] = []
  private readonly running = new Set<Promise<void>>()
  private failure: { error: unknown } | undefined
  private committed: number

  constructor(
    private readonly limit: number,
    start: number,
  ) {
    this.committed = start
  }

  /** All rows before this one have been committed. */
  get reached(): number {
    return this.committed
  }

  /**
   * Waits for a free lane and writes in it. `write` learns, when it asks, how far the file is done once it commits.
   * @throws when an earlier batch failed.
   */
  async start(rows: number, write: (reached: () => number) => Promise<void>): Promise<void> {
    while (this.running.size >= this.limit) await Promise.race(this.running)
    if (this.failure) throw this.failure.error
    const batch = { rows, committed: false }
    this.open.push(batch)
    const run = write(() => (this.open[0] === batch ? rows : this.committed))
      .then(() => {
        batch.committed = true
        while (this.open[0]?.committed) this.committed = this.open.shift()!.rows
      })
      .catch((error: unknown) => {
        this.failure ??= { error }
      })
      .finally(() => this.running.delete(run))
    this.running.add(run)
  }

  /** Waits for all batches, whatever becomes of them. */
  async settle(): Promise<void> {
    await Promise.all(this.running)
  }

  /** @throws when a batch failed. */
  async end(): Promise<void> {
    await this.settle()
    if (this.failure) throw this.failure.error
  }
}
