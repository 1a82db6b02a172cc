import { createHash } from 'node:crypto'

/** 0 to below 1, evenly spread and the same for the same words, in every process and release: the first 48 bits of SHA-256. */
export function share(...words: readonly string[]): number {
  return digest(words).readUIntBE(0, 6) / 2 ** 48
}

/** Of several models each takes its share of a campaign's customers, always the same ones. */
export const oneOf = <T>(models: readonly T[], campaignId: string, customerId: string): T =>
  models[Math.floor(share('model', campaignId, customerId) * models.length)]!

/** There is one decision a campaign and customer, so its id follows from theirs. */
export const decisionId = (campaignId: string, customerId: string): string =>
  digest(['decision', campaignId, customerId]).subarray(0, 16).toString('base64url')

/** As JSON: no id can hold what separates it from the next. */
const digest = (words: readonly string[]) => createHash('sha256').update(JSON.stringify(words)).digest()
