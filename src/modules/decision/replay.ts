import type { Decided, Inputs } from './decide.ts'

/** What would be decided otherwise: by its place in what was recorded, as it was and as it is. */
export type Difference = { what: string; recorded: string | null; today: string | null }
/** A decision and what it rests on, to be set beside another of the same customer and campaign. */
export type Compared = {
  decided: Decided
  inputs: Inputs
  model: string
  offers: readonly { productId: string; score: number }[]
}

/** Every difference, what was decided first. Times that only say when it was decided are none. */
export function differences(recorded: Compared, today: Compared): Difference[] {
  const [before, now] = [flat(recorded), flat(today)]
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((what) => {
    const [was, is] = [before.get(what) ?? null, now.get(what) ?? null]
    return was === is ? [] : [{ what, recorded: was, today: is }]
  })
}

function flat({ decided, inputs, model, offers }: Compared): Map<string, string | null> {
  const { arm, reasons, channel } = decided
  const { rules, channels, objected, claimedBy, candidates } = inputs
  const { caps, ...shares } = rules
  const found = new Map<string, string | null>()
  const put = (what: string, value: unknown) => found.set(what, value == null ? null : String(value))
  put('arm', arm)
  put('reasons', reasons.join(', ') || null)
  put('channel', channel)
  put('model', model)
  put('offers', offers.map(({ productId }) => productId).join(', ') || null)
  // To nine digits: sums of the same floats differ in the last ones.
  put('scores', offers.map(({ score }) => score.toPrecision(9)).join(', ') || null)
  put('rules.holdoutShare', shares.holdoutShare)
  put('rules.globalHoldoutShare', shares.globalHoldoutShare)
  put('rules.budget', shares.budget?.limit)
  put(
    'rules.caps',
    caps.map(({ max, days, channel }) => `${max} in ${days} days${channel ? ` by ${channel}` : ''}`).join(', ') || null,
  )
  put('objected', objected)
  put('claimedBy', claimedBy.join(', ') || null)
  for (const [name, count] of Object.entries(candidates)) put(`candidates.${name}`, count)
  for (const { channel, cappedUntil, quietUntil, ...facts } of channels) {
    put(`channels.${channel}.capped`, cappedUntil !== null)
    put(`channels.${channel}.quiet`, quietUntil !== null)
    for (const [name, fact] of Object.entries(facts)) put(`channels.${channel}.${name}`, fact)
  }
  return found
}
