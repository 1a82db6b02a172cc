import { type CsvRow, findCsv, readCsv } from '../ingest/csv.ts'
import { FILES } from '../ingest/files.ts'
import { ORDER_COLUMNS, OrderBatch, OrderLines, type OrderRow } from '../ingest/orders.ts'

const DAY_MS = 86_400_000

/** As recordOrders and recordInteractions take them. */
type Sent = {
  orders: Pick<OrderRow, 'id' | 'customerId' | 'storeId' | 'lines'> & { placedAt: Date }
  interactions: { id: string; customerId: string; campaignId: string; type: string; at: Date }
}
export type Happened = { [Kind in keyof Sent]: { kind: Kind; at: Date; item: Sent[Kind] } }[keyof Sent]
export type History = {
  /** Midnight (UTC), so many days before the day of the last order. */
  since: Date
  /** What happened from then on, oldest first. */
  events: Happened[]
  /** Batches for the statements of the load: campaigns and coupons as they were planned, those that begin later included. */
  plans: { file: 'campaign_descriptions' | 'coupons'; rows: unknown[] }[]
}

/** The last `days` of files of the Complete Journey's form, held in memory: for the sample. */
export async function readHistory(dataDir: string, days: number): Promise<History> {
  const lines = new OrderLines(undefined)
  const batch = new OrderBatch()
  for (const row of await rowsOf(dataDir, 'order_lines', ORDER_COLUMNS)) batch.add(lines.parse(row)!)
  const orders = batch.rows().map(({ id, customerId, storeId, placedAt, lines }) => ({
    kind: 'orders' as const,
    at: new Date(placedAt),
    item: { id, customerId, storeId: storeId ?? null, placedAt: new Date(placedAt), lines },
  }))
  const last = orders.reduce((latest, { at }) => Math.max(latest, at.getTime()), 0)
  const since = new Date(Math.floor(last / DAY_MS) * DAY_MS - days * DAY_MS)

  const campaigns = (await loaded(dataDir, 'campaign_descriptions')) as { id: string; startsAt: Date }[]
  const startOf = new Map(campaigns.map(({ id, startsAt }) => [id, startsAt]))
  type Interaction = Omit<Sent['interactions'], 'at'> & { at: Date | null }
  const told = [
    ...(await loaded(dataDir, 'campaigns')),
    ...(await loaded(dataDir, 'coupon_redemptions')),
  ] as Interaction[]
  const interactions = told.flatMap(({ id, customerId, campaignId, type, at: when }) => {
    // Who was sent a campaign was sent it when it started.
    const at = when ?? startOf.get(campaignId)
    return at ? [{ kind: 'interactions' as const, at, item: { id, customerId, campaignId, type, at } }] : []
  })
  return {
    since,
    events: [...interactions, ...orders]
      .filter(({ at }) => at >= since)
      .sort((a, b) => a.at.getTime() - b.at.getTime()),
    plans: [
      { file: 'campaign_descriptions', rows: campaigns },
      { file: 'coupons', rows: await loaded(dataDir, 'coupons') },
    ],
  }
}

/** Rows as the load would write them. */
async function loaded(dataDir: string, name: string): Promise<unknown[]> {
  const { columns, prepare } = loaderOf(name)
  const { toRow } = prepare({})
  return (await rowsOf(dataDir, name, columns)).map(toRow)
}

export const loaderOf = (name: string) => FILES.find((file) => file.name === name)!

async function rowsOf(dataDir: string, name: string, columns: readonly string[]): Promise<CsvRow[]> {
  const file = findCsv(dataDir, name)
  if (!file) throw new Error(`${dataDir} has no ${name}.csv or ${name}.csv.gz`)
  const rows: CsvRow[] = []
  for await (const { entries } of readCsv(file, columns)) {
    for (const entry of entries) {
      if ('reason' in entry) throw new Error(`${file.path}, line ${entry.line}: ${entry.reason}`)
      rows.push(entry.row)
    }
  }
  return rows
}
