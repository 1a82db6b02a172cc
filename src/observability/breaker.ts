export type Breaker = {
  readonly away: boolean
  /** True: do not even try. While something is away one caller per cool-down is let through to try. */
  refuses(): boolean
  worked(): void
  failed(error: unknown): void
}

/** Remembers that something is away, so that asking for it costs nothing; tells when it goes and when it is back, once each. */
export function createBreaker(
  onChange: (away: boolean, error?: unknown) => void = () => {},
  coolDownMs = 1_000,
  now: () => number = () => performance.now(),
): Breaker {
  let away = false
  let nextTry = 0
  return {
    get away() {
      return away
    },
    refuses() {
      if (!away) return false
      if (now() < nextTry) return true
      nextTry = now() + coolDownMs
      return false
    },
    worked() {
      if (!away) return
      away = false
      onChange(false)
    },
    failed(error) {
      nextTry = now() + coolDownMs
      if (away) return
      away = true
      onChange(true, error)
    },
  }
}
