import { createHash } from 'node:crypto'
import type { RedisClients } from './redis.ts'

export type Verdict = { allowed: true } | { allowed: false; retryAfter: number }
export type Limiter = {
  /**
   * Takes `cost` units from the budget of `key`, which all instances share; a cost above `burst` counts as `burst`. `retryAfter`:
   * whole seconds, at least 1, after which the same would be allowed if nothing else is taken.
   */
  take(key: string, cost: number): Promise<Verdict>
}

const PREFIX = 'alongside:limit:'
const MAX_KEPT = 10_000
const ALLOWED: Verdict = { allowed: true }

/**
 * GCRA, the generic cell rate algorithm: of each key only the instant is kept at which all it took is paid back. A take moves
 * that instant on by what it costs, unless it would then lie further away than the burst. Answers the milliseconds to wait, 0 when it
 * was taken. Less than one is a matter of rounding.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local paid = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + ARGV[1]
local wait = paid - now - ARGV[2]
if wait >= 1 then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.3f', paid), 'PX', math.ceil(paid - now))
return 0`

/** `perMinute` units flow back evenly, `burst` may be taken at once; 0 a minute is no limit at all. While Redis is away each instance counts for itself. */
export function createLimiter(
  run: RedisClients['run'],
  { perMinute, burst }: { perMinute: number; burst: number },
): Limiter {
  if (perMinute === 0) return { take: async () => ALLOWED }
  const msPerUnit = 60_000 / perMinute
  const most = burst * msPerUnit
  const takeHere = createOwnBudgets(most)
  return {
    take: async (key, cost) => {
      if (cost <= 0) return ALLOWED
      const price = Math.min(cost, burst) * msPerUnit
      const id = createHash('sha256').update(key).digest('base64url')
      const wait = await run((redis) => redis.eval(SCRIPT, 1, PREFIX + id, price, most) as Promise<number>).catch(() =>
        takeHere(id, price),
      )
      return wait === 0 ? ALLOWED : { allowed: false, retryAfter: Math.ceil(wait / 1000) }
    },
  }
}

/** The same arithmetic in this process. Beyond 10,000 keys the one unused for longest is forgotten. */
function createOwnBudgets(most: number): (id: string, price: number) => number {
  const paidAt = new Map<string, number>()
  return (id, price) => {
    const now = performance.now()
    const before = Math.max(paidAt.get(id) ?? now, now)
    const wait = before + price - now - most
    const refused = wait >= 1
    paidAt.delete(id)
    paidAt.set(id, refused ? before : before + price)
    if (paidAt.size > MAX_KEPT) paidAt.delete(paidAt.keys().next().value!)
    return refused ? wait : 0
  }
}
