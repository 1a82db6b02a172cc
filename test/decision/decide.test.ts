import { describe, expect, it } from 'vitest'
import { Arm, Channel, DecisionReason } from '../../src/generated/enums.ts'
import { type ChannelFacts, decide, holdouts, type Inputs } from '../../src/modules/decision/decide.ts'
import { decisionId, share } from '../../src/modules/decision/hash.ts'
import { differences } from '../../src/modules/decision/replay.ts'
import { seeded } from '../../src/random.ts'

const AT = '2026-03-10T12:00:00.000Z'
const daysAgo = (days: number) => new Date(Date.parse(AT) - days * 86_400_000).toISOString()

const open = (channel: Channel, over: Partial<ChannelFacts> = {}): ChannelFacts => ({
  channel,
  consent: true,
  suppressed: false,
  contact: true,
  cappedUntil: null,
  quietUntil: null,
  sent: 0,
  responses: 0,
  refusals: 0,
  ...over,
})

const inputs = ({
  rules,
  ...over
}: Partial<Omit<Inputs, 'rules'>> & { rules?: Partial<Inputs['rules']> } = {}): Inputs => ({
  campaignId: 'spring',
  customerId: 'c1',
  at: AT,
  rules: { holdoutShare: 0, globalHoldoutShare: 0, caps: [], budget: null, ...rules },
  objected: false,
  channels: [open('EMAIL')],
  claimedBy: [],
  candidates: { named: 3, sold: 3, notOwned: 2, reached: 1 },
  ...over,
})

/** Each reason by what alone brings it about. */
const CAUSES: Record<string, Parameters<typeof inputs>[0]> = {
  OBJECTED: { objected: true },
  NO_CONSENT: { channels: [open('EMAIL', { consent: false })] },
  SUPPRESSED: { channels: [open('EMAIL', { suppressed: true })] },
  CONTACT_MISSING: { channels: [open('EMAIL', { contact: false })] },
  CAPPED: { channels: [open('EMAIL', { cappedUntil: daysAgo(-2) })] },
  HIGHER_PRIORITY_CAMPAIGN: { claimedBy: ['important'] },
  OWNED: { candidates: { named: 3, sold: 2, notOwned: 0, reached: 0 } },
  NOT_RECOMMENDED: { candidates: { named: 3, sold: 2, notOwned: 1, reached: 0 } },
  BUDGET: { rules: { budget: { limit: 5, ahead: 5 } } },
}

describe('What is decided about a customer', () => {
  it('is TREATMENT, on the one channel, when nothing stands against it', () => {
    expect(decide(inputs())).toEqual({ arm: 'TREATMENT', reasons: [], channel: 'EMAIL', notBefore: null })
  })

  it.each(Object.entries(CAUSES))('is EXCLUDED for %s alone', (reason, cause) => {
    expect(decide(inputs(cause))).toEqual({ arm: 'EXCLUDED', reasons: [reason], channel: null, notBefore: null })
  })

  it('gives every reason there is, not the first', () => {
    const all = decide(
      inputs({
        channels: [open('EMAIL', { consent: false, suppressed: true, contact: false, cappedUntil: daysAgo(-2) })],
        claimedBy: ['important'],
        candidates: CAUSES.OWNED!.candidates!,
      }),
    )
    const wanted = ['NO_CONSENT', 'SUPPRESSED', 'CONTACT_MISSING', 'CAPPED', 'HIGHER_PRIORITY_CAMPAIGN', 'OWNED']
    expect(all.reasons).toEqual(wanted)
  })

  it('gives the reasons of all channels where none is left, and none of them where one is', () => {
    const shut = [
      open('EMAIL', { consent: false }),
      open('SMS', { suppressed: true }),
      open('PUSH', { contact: false }),
    ]
    expect(decide(inputs({ channels: shut })).reasons).toEqual(['NO_CONSENT', 'SUPPRESSED', 'CONTACT_MISSING'])
    const one = decide(inputs({ channels: [...shut, open('WEB')] }))
    expect(one).toEqual({ arm: 'TREATMENT', reasons: [], channel: 'WEB', notBefore: null })
  })

  it('takes whoever is excluded by anything else out of the budget, not into it', () => {
    const { reasons } = decide(inputs({ ...CAUSES.NO_CONSENT, rules: { budget: { limit: 1, ahead: 1 } } }))
    expect(reasons).toEqual(['NO_CONSENT'])
    expect(decide(inputs({ rules: { budget: { limit: 5, ahead: 4 } } })).arm).toBe('TREATMENT')
  })

  it('waits for the end of the night without excluding anybody', () => {
    const quietUntil = '2026-03-11T07:00:00.000Z'
    expect(decide(inputs({ channels: [open('SMS', { quietUntil })] }))).toEqual({
      arm: 'TREATMENT',
      reasons: ['QUIET_HOURS'],
      channel: 'SMS',
      notBefore: quietUntil,
    })
  })

  it('says nothing of what an objector owns', () => {
    const nothing = { named: 1, sold: 1, notOwned: 1, reached: 0 }
    expect(decide(inputs({ objected: true, candidates: nothing })).reasons).toEqual(['OBJECTED'])
  })
})

describe('The channel', () => {
  const best = (...channels: ChannelFacts[]) => decide(inputs({ channels })).channel

  it.each<[string, ChannelFacts[], Channel]>([
    ['the first of those nothing is known of', [open('SMS'), open('EMAIL')], 'SMS'],
    ['the one they respond to', [open('SMS', { sent: 10 }), open('EMAIL', { sent: 10, responses: 3 })], 'EMAIL'],
    ['an untried one before one that was tried in vain', [open('SMS', { sent: 10 }), open('EMAIL')], 'EMAIL'],
    ['a good one before an untried one', [open('SMS'), open('EMAIL', { sent: 10, responses: 3 })], 'EMAIL'],
    ['not the one that bounced', [open('SMS', { sent: 2, responses: 1, refusals: 1 }), open('EMAIL')], 'EMAIL'],
    ['the best of those allowed', [open('SMS', { sent: 4, responses: 4, consent: false }), open('EMAIL')], 'EMAIL'],
  ])('is %s', (_what, channels, wanted) => {
    expect(best(...channels)).toBe(wanted)
  })
})

describe('The holdout', () => {
  const ids = Array.from({ length: 10_000 }, (_, n) => `customer-${n}`)
  const held = (campaignId: string, rules: Partial<Inputs['rules']>) =>
    ids.filter((customerId) => decide(inputs({ campaignId, customerId, rules })).arm === Arm.HOLDOUT)
  /** Five standard deviations: wrong once in 1.7 million. */
  const expectShare = (count: number, of: number, share: number) =>
    expect(Math.abs(count - of * share)).toBeLessThan(5 * Math.sqrt(of * share * (1 - share)))

  it.each([0.05, 0.1, 0.5])('has its share of %d', (holdoutShare) => {
    expectShare(held('spring', { holdoutShare }).length, ids.length, holdoutShare)
  })

  it('is the same each time, grows with its share, and is another one in another campaign', () => {
    const small = held('spring', { holdoutShare: 0.1 })
    expect(held('spring', { holdoutShare: 0.1 })).toEqual(small)
    expect(held('spring', { holdoutShare: 0.3 })).toEqual(expect.arrayContaining(small))
    const both = held('autumn', { holdoutShare: 0.1 }).filter((id) => small.includes(id))
    expectShare(both.length, ids.length, 0.01)
  })

  it('is nobody at 0 and everybody at 1', () => {
    expect(held('spring', { holdoutShare: 0 })).toEqual([])
    expect(held('spring', { holdoutShare: 1 })).toEqual(ids)
  })

  it('of all campaigns goes by the customer alone, and says so', () => {
    const everywhere = held('spring', { globalHoldoutShare: 0.05 })
    expectShare(everywhere.length, ids.length, 0.05)
    expect(held('autumn', { globalHoldoutShare: 0.05 })).toEqual(everywhere)
    const [customerId] = everywhere
    const { arm, reasons, channel } = decide(inputs({ customerId: customerId!, rules: { globalHoldoutShare: 0.05 } }))
    expect({ arm, reasons, channel }).toEqual({ arm: 'HOLDOUT', reasons: ['GLOBAL_HOLDOUT'], channel: 'EMAIL' })
  })

  it('knows words by where they end', () => {
    expect(share('ab', 'c')).not.toBe(share('a', 'bc'))
    expect(decisionId('ab', 'c')).not.toBe(decisionId('a', 'bc'))
    expect(holdouts('a', 'b').own).not.toBe(holdouts('a', 'b').global)
  })
})

describe('Whatever is put in', () => {
  const next = seeded(12)
  const chance = (p: number) => next() < p
  const below = (limit: number) => Math.floor(next() * limit)
  const channels = Object.values(Channel)
  const anything = (): Inputs => {
    const sold = below(4)
    const notOwned = below(sold + 1)
    return inputs({
      customerId: `c${below(1_000)}`,
      objected: chance(0.1),
      channels: channels.slice(0, 1 + below(4)).map((channel) =>
        open(channel, {
          consent: chance(0.7),
          suppressed: chance(0.2),
          contact: chance(0.8),
          cappedUntil: chance(0.2) ? daysAgo(-3) : null,
          quietUntil: chance(0.2) ? daysAgo(-1) : null,
          sent: below(5),
          responses: below(3),
          refusals: below(2),
        }),
      ),
      claimedBy: chance(0.1) ? ['other'] : [],
      candidates: { named: 4, sold, notOwned, reached: below(notOwned + 1) },
      rules: {
        holdoutShare: next(),
        globalHoldoutShare: chance(0.5) ? 0 : next() / 2,
        caps: [],
        budget: chance(0.5) ? null : { limit: below(4), ahead: below(6) },
      },
    })
  }

  it('excludes for a reason, and only then; and writes to nobody whom a rule protects', () => {
    const seen = new Set<string>()
    for (let n = 0; n < 20_000; n++) {
      const given = anything()
      const { arm, reasons, channel, notBefore } = decide(given)
      const told = JSON.stringify(given)
      for (const reason of [arm, ...reasons]) seen.add(reason)
      expect(new Set(reasons).size, told).toBe(reasons.length)
      const harmless: string[] = [DecisionReason.QUIET_HOURS, DecisionReason.GLOBAL_HOLDOUT]
      expect(
        reasons.some((one) => !harmless.includes(one)),
        told,
      ).toBe(arm === 'EXCLUDED')
      expect(channel !== null, told).toBe(arm !== 'EXCLUDED')
      expect(notBefore !== null, told).toBe(reasons.includes('QUIET_HOURS'))
      if (arm === 'EXCLUDED') continue
      const on = given.channels.find((one) => one.channel === channel)!
      expect(on, told).toMatchObject({ consent: true, suppressed: false, contact: true, cappedUntil: null })
      expect(given.objected || given.claimedBy.length > 0 || given.candidates.reached === 0, told).toBe(false)
      if (given.rules.budget) expect(given.rules.budget.ahead, told).toBeLessThan(given.rules.budget.limit)
    }
    // Of handing over, when it is decided.
    const later: string[] = [DecisionReason.NOT_RUNNING, DecisionReason.CHANNEL_REMOVED]
    const reasons = Object.values(DecisionReason).filter((reason) => !later.includes(reason))
    expect([...seen].sort()).toEqual([...Object.values(Arm), ...reasons].sort())
  })

  it('decides the same again from what was recorded as JSON', () => {
    for (let n = 0; n < 2_000; n++) {
      const given = anything()
      expect(decide(JSON.parse(JSON.stringify(given)))).toEqual(decide(given))
    }
  })

  it('finds no difference between a decision and itself', () => {
    for (let n = 0; n < 500; n++) {
      const given = anything()
      const one = { decided: decide(given), inputs: given, model: 'm', offers: [{ productId: 'p', score: next() }] }
      expect(differences(one, structuredClone({ ...one, inputs: { ...given, at: daysAgo(-1) } }))).toEqual([])
    }
  })
})
