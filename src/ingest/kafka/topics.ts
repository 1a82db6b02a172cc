import type { z } from 'zod'
import type { BatchResult } from '../../batch.ts'
import { badInput } from '../../errors.ts'
import type { CampaignService } from '../../modules/campaign/campaign.service.ts'
import type { CatalogService } from '../../modules/catalog/catalog.service.ts'
import type { CustomerService } from '../../modules/customer/customer.service.ts'
import type { OrderService } from '../../modules/order/order.service.ts'
import { MESSAGES, type TopicName } from './messages.ts'

/** The services behind the topics: those behind GraphQL's mutations, with the same methods. */
export type Services = {
  order: Pick<OrderService, 'record'>
  customer: Pick<CustomerService, 'recordViews' | 'upsert'>
  campaign: Pick<CampaignService, 'recordInteractions'>
  catalog: Pick<CatalogService, 'upsert'>
}

export type Topic = {
  name: TopicName
  /** @throws DomainError BAD_USER_INPUT that says what is wrong with it. */
  parse(value: Buffer | undefined): unknown
  /** Items as `parse` answered them, 1,000 at most. */
  write(items: unknown[]): Promise<BatchResult>
}

export function topicsOf(services: Services): Topic[] {
  const { order, customer, campaign, catalog } = services
  return [
    topic('orders', (items) => order.record(items.map((one) => ({ ...one, placedAt: new Date(one.placedAt) })))),
    topic('views', (items) => customer.recordViews(items.map(dated))),
    topic('interactions', (items) => campaign.recordInteractions(items.map(dated))),
    topic('products', (items) => catalog.upsert(items)),
    topic('customers', (items) => customer.upsert(items, null)),
  ]
}

const dated = <Item extends { at: string }>(item: Item) => ({ ...item, at: new Date(item.at) })

type ItemOf<Name extends TopicName> = z.output<(typeof MESSAGES)[Name]>

function topic<Name extends TopicName>(name: Name, write: (items: ItemOf<Name>[]) => Promise<BatchResult>): Topic {
  return { name, parse: (value) => parse(name, value), write: (items) => write(items as ItemOf<Name>[]) }
}

function parse(name: TopicName, value: Buffer | undefined): unknown {
  if (!value || value.length === 0) throw badInput('', 'The message is empty.')
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value))
  } catch {
    throw badInput('', 'The message is not JSON in UTF-8.')
  }
  const parsed = MESSAGES[name].safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const field = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  throw badInput(field.replace(/^\./, ''), `${field.replace(/^\./, '') || 'The message'}: ${issue.message}`)
}
