const MAX_TIMER_MS = 2 ** 31 - 1

/** As setTimeout, but to an instant however far away: a timer of more than 24.8 days would go off at once. Answers how to call it off. */
export function callAt(epochMs: number, call: () => void): () => void {
  let timer: NodeJS.Timeout
  const wait = () => {
    const left = epochMs - Date.now()
    timer = left > MAX_TIMER_MS ? setTimeout(wait, MAX_TIMER_MS) : setTimeout(call, left)
  }
  wait()
  return () => clearTimeout(timer)
}
