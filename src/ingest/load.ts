import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { DomainError } from '../errors.ts'
import type { Graph, Transaction } from '../graph/query.ts'
import type { Vault } from '../pii/vault.ts'
import { type CsvEntry, type CsvFile, type CsvRow, findCsv, type Reject, readCsv } from './csv.ts'
import { derive } from './derive.ts'
import { FILES, type FileLoader } from './files.ts'
import { Lanes } from './lanes.ts'
import { ORDER_COLUMNS, OrderBatch, OrderLines, own } from './orders.ts'

export type LoadOptions = {
  dataDir: string
  /** Only what happened before this instant. */
  until?: Date | undefined
  promotions?: boolean | undefined
  /** Contact details (sealed by this vault), language, time zone and consent made up by a fixed rule, for data that has none. */
  syntheticContacts?: Vault | undefined
  /** Rows a transaction; an order is never divided. */
  batchRows?: number | undefined
  onProgress?: ((progress: LoadProgress) => void) | undefined
  onReject?: ((reject: Reject) => void) | undefined
  signal?: AbortSignal | undefined
}
/** `share`: how much of this file or step is done, 0 to 1. */
export type LoadProgress = { file: string; rows: number; share: number }
export type LoadReport = { counts: Record<string, number>; rejected: number }

export const BATCH_ROWS = 5_000
/** Batches of orders written at the same time; other files lock each other's nodes. */
const ORDER_LANES = 2
const TIMEOUT_MS = 120_000
const MAX_KNOWN = 250_000

/**
 * Loads CSV files of the Complete Journey's form: streamed, in batches, each a transaction that also notes how far it came. Loading
 * again changes nothing; a load that was interrupted continues where it stopped.
 * @throws when the folder lacks order_lines or products, or a file lacks a column.
 */
export async function loadJourney(graph: Graph, options: LoadOptions): Promise<LoadReport> {
  const found = new Map<string, CsvFile>()
  for (const { name, optional } of [...FILES, { name: 'order_lines', optional: false }]) {
    const file = findCsv(options.dataDir, name)
    if (file) found.set(name, file)
    else if (!optional) throw new Error(`${options.dataDir} has no ${name}.csv or ${name}.csv.gz`)
  }
  const load = new Load(graph, options)
  // Offers that were kept hold no longer: while it loads, and once it has loaded.
  const changed = () => graph.query('snapshot/invalidate', { change: crypto.randomUUID() })
  await changed()
  for (const loader of FILES.filter(({ after }) => !after)) await load.file(loader, found)
  await load.orders(found.get('order_lines')!)
  for (const loader of FILES.filter(
    ({ after, name }) => after && (name !== 'promotions_weekly' || options.promotions),
  )) {
    await load.file(loader, found)
  }
  await derive(graph, options)
  await load.finish()
  await changed()
  return load.report
}

class Load {
  readonly report: LoadReport = { counts: {}, rejected: 0 }
  private readonly marks: string[] = []
  constructor(
    private readonly graph: Graph,
    private readonly options: LoadOptions,
  ) {}

  async file(loader: FileLoader, found: ReadonlyMap<string, CsvFile>): Promise<void> {
    const file = found.get(loader.name)
    if (!file) return
    const prepared = loader.prepare(this.options)
    await this.read<unknown, unknown[]>(file, loader.columns, {
      lanes: 1,
      parse: (row) => prepared.toRow(row),
      mayEnd: () => true,
      empty: () => [],
      add: (batch, item) => batch.push(item),
      write: async (tx, batch) => {
        if (batch.length > 0) await prepared.write(tx, batch)
        return () => {}
      },
    })
  }

  async orders(file: CsvFile): Promise<void> {
    const lines = new OrderLines(this.options.until)
    const known = { customers: new Set<string>(), products: new Set<string>() }
    await this.read(file, ORDER_COLUMNS, {
      lanes: ORDER_LANES,
      parse: (row) => lines.parse(row),
      mayEnd: ({ first }) => first,
      empty: () => new OrderBatch(),
      add: (batch, line) => batch.add(line),
      write: async (tx, batch) => {
        const customerIds = fresh(batch.customerIds, known.customers)
        const productIds = fresh(batch.productIds, known.products)
        if (customerIds.length > 0 || productIds.length > 0) await tx.query('load/unknown', { customerIds, productIds })
        if (batch.length > 0) await tx.query('load/orders', { rows: batch.rows() })
        return () => {
          remember(customerIds, known.customers)
          remember(productIds, known.products)
        }
      },
    })
  }

  async finish(): Promise<void> {
    for (const id of this.marks) {
      const mark = await this.graph.query('load/marked', { id })
      if (mark) await this.graph.query('load/mark', { id, rows: 0, done: true })
    }
  }

  private async read<Item, Batch extends { length: number }>(
    file: CsvFile,
    columns: readonly string[],
    sink: {
      /** Batches written at the same time. */
      lanes: number
      /** Null: not wanted. Throws why a row can't be used. */
      parse(row: CsvRow): Item | null
      /** May a batch end before this item? */
      mayEnd(item: Item): boolean
      empty(): Batch
      add(batch: Batch, item: Item): void
      /** Answers what to do once the transaction has committed. */
      write(tx: Transaction, batch: Batch): Promise<() => void>
    },
  ): Promise<void> {
    const { signal, batchRows = BATCH_ROWS, onProgress = () => {}, onReject = () => {} } = this.options
    const id = await fingerprint(file, this.options)
    this.marks.push(id)
    const mark = await this.graph.query('load/marked', { id })
    const skip = mark && !mark.done ? mark.rows : 0
    const lanes = new Lanes(sink.lanes, skip)
    let batch = sink.empty()
    let rows = 0
    let share = 0
    const flush = () => {
      const full = batch
      batch = sink.empty()
      return lanes.start(rows, async (reached) => {
        signal?.throwIfAborted()
        const committed = await this.transaction(async (tx) => {
          const committed = await sink.write(tx, full)
          await tx.query('load/mark', { id, rows: reached(), done: false })
          return committed
        })
        committed()
        onProgress({ file: file.name, rows: lanes.reached, share })
      })
    }
    const parse = (entry: CsvEntry): Item | null => {
      try {
        if ('reason' in entry) throw new Error(entry.reason)
        return sink.parse(entry.row)
      } catch (error) {
        // Up to the mark, a run before has told.
        if (rows >= skip) {
          this.report.rejected++
          onReject({ file: file.name, line: entry.line, reason: (error as Error).message })
        }
        return null
      }
    }
    try {
      for await (const { entries, share: read } of readCsv(file, columns)) {
        share = read
        signal?.throwIfAborted()
        for (const entry of entries) {
          const item = parse(entry)
          if (item !== null && rows >= skip) {
            if (batch.length >= batchRows && sink.mayEnd(item)) await flush()
            sink.add(batch, item)
          }
          rows++
        }
      }
    } catch (error) {
      await lanes.settle()
      throw error
    }
    await flush()
    await lanes.end()
    onProgress({ file: file.name, rows, share: 1 })
    this.report.counts[file.name] = rows
  }

  /** A key that the service wrote at the same moment is there when the batch is written again. */
  private async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const write = () => this.graph.transaction(work, { timeoutMs: TIMEOUT_MS })
    return write().catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'CONFLICT') return write()
      throw error
    })
  }
}

const fresh = (ids: readonly string[], known: ReadonlySet<string>) =>
  [...new Set(ids)].filter((id) => !known.has(id)).sort()

/** Spares a look-up; what is forgotten is looked up again. */
function remember(ids: readonly string[], known: Set<string>): void {
  if (known.size > MAX_KNOWN) known.clear()
  for (const id of ids) known.add(own(id))
}

/** Which load this is: the file's beginning and size, and what is taken from it. */
async function fingerprint(file: CsvFile, { until }: LoadOptions): Promise<string> {
  const handle = await open(file.path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    const hash = createHash('sha256').update(buffer.subarray(0, bytesRead)).update(String(file.bytes))
    return `${file.name}:${until?.toISOString() ?? ''}:${hash.digest('hex').slice(0, 16)}`
  } finally {
    await handle.close()
  }
}
