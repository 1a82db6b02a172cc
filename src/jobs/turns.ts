type Turns = {
  intervalMs?: number
  work: () => Promise<unknown>
  /** Hears the first of failures in a row. */
  onError: (error: unknown) => void
}

/** Does something time and again, never twice at once. Answers how to stop: what is under way is finished. */
export function startTurns({ intervalMs = 1_000, work, onError }: Turns): () => Promise<void> {
  let running: Promise<void> | null = null
  let failing = false

  async function turn(): Promise<void> {
    try {
      await work()
      failing = false
    } catch (error) {
      if (!failing) onError(error)
      failing = true
    }
  }
  const timer = setInterval(() => {
    running ??= turn().finally(() => {
      running = null
    })
  }, intervalMs)
  return async () => {
    clearInterval(timer)
    await running
  }
}
