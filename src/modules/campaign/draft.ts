import { sortedIds } from '../../batch.ts'
import { badInput } from '../../errors.ts'
import type { Params } from '../../graph/query.ts'
import { checkDate, checkId, checkIds, checkRange, checkText } from '../../input.ts'
import type { CampaignInput } from './campaign.type.ts'
import { checkedWebhookUrl } from './webhook-url.ts'

/** A campaign as it is written, checked but for what only the graph knows. */
export type Draft = Omit<Params<'campaign/write'>, 'id' | 'author'>

/** Whether there is anything to sign with, and whether webhooks may lead to this machine and to private networks. */
export type WebhookSettings = { webhooks: boolean; privateHosts: boolean }

const MAX_NAME = 200
const MAX_PRIORITY = 1_000
const MAX_BUDGET = 2_147_483_647
const MAX_CAP = { max: 1_000, days: 365 }
const MAX_MODELS = 10

/** @throws BAD_USER_INPUT that names the field. */
export function checkedDraft(input: CampaignInput, settings: WebhookSettings): Draft {
  const { name, segmentId, channels, webhookUrl, frequencyCap: cap } = input
  const { holdoutShare, priority, budget, modelIds } = input
  checkText('name', name, MAX_NAME)
  checkId('segmentId', segmentId)
  const products = checkedIds('products', input.products)
  const coupons = checkedIds('coupons', input.coupons)
  if (products.length + coupons.length === 0) throw badInput('products', 'products or coupons must name at least one.')
  if (channels.length === 0) throw badInput('channels', 'channels must name at least one.')
  checkDistinct('channels', channels)
  const startsAt = checkedDate('startsAt', input.startsAt)
  const endsAt = checkedDate('endsAt', input.endsAt)
  if (endsAt <= startsAt) throw badInput('endsAt', 'endsAt must be after startsAt.')
  checkRange('holdoutShare', holdoutShare ?? 0, 0, 1)
  checkRange('priority', priority ?? 0, -MAX_PRIORITY, MAX_PRIORITY)
  if (budget != null) checkRange('budget', budget, 0, MAX_BUDGET)
  if (cap) for (const of of ['max', 'days'] as const) checkRange(`frequencyCap.${of}`, cap[of], 1, MAX_CAP[of])
  const models = checkedIds('modelIds', modelIds)
  if (models.length > MAX_MODELS)
    throw badInput('modelIds', `modelIds has ${models.length} entries; at most ${MAX_MODELS} are allowed.`)
  return {
    segmentId,
    products,
    coupons,
    campaign: {
      name,
      channels,
      startsAt,
      endsAt,
      holdoutShare: holdoutShare ?? 0.1,
      priority: priority ?? 0,
      budget: budget ?? null,
      modelIds: models.length > 0 ? models : null,
      webhookUrl: webhookUrl == null ? null : checkedWebhook(webhookUrl, settings),
      capMax: cap?.max ?? null,
      capDays: cap?.days ?? null,
      capChannel: cap?.channel ?? null,
    },
  }
}

function checkedWebhook(url: string, settings: WebhookSettings): string {
  if (!settings.webhooks) throw badInput('webhookUrl', 'webhookUrl can not be used: WEBHOOK_SECRET is not set.')
  return checkedWebhookUrl('webhookUrl', url, settings)
}

/** Sorted: the order in which every writer takes them. */
function checkedIds(field: string, ids: readonly string[] | null | undefined): string[] {
  checkIds(field, ids ?? [])
  checkDistinct(field, ids ?? [])
  return sortedIds(ids ?? [])
}

function checkDistinct(field: string, values: readonly string[]): void {
  const twice = values.find((value, at) => values.indexOf(value) !== at)
  if (twice !== undefined) throw badInput(field, `${field} names ${JSON.stringify(twice)} twice.`)
}

function checkedDate(field: string, given: { toString(): string }): Date {
  const date = new Date(String(given))
  checkDate(field, date)
  return date
}
