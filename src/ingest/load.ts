import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Graph, Transaction } from '../graph/query.ts'
import { type CsvFile, type CsvRow, findCsv, type Reject, readCsv } from './csv.ts'
import { derive } from './derive.ts'
import { FILES, type FileLoader } from './files.ts'
import { ORDER_COLUMNS, OrderBatch, toOrderLine } from './orders.ts'

export type LoadOptions = {
  dataDir: string
  /** Only what happened before this instant. */
  until?: Date | undefined
  promotions?: boolean | undefined
  /** Language, time zone and consent made up by a fixed rule, for data that has none. */
  syntheticContacts?: boolean | undefined
  onProgress?: ((progress: LoadProgress) => void) | undefined
  onReject?: ((reject: Reject) => void) | undefined
  signal?: AbortSignal | undefined
}
/** `share`: how much of this file or step is done, 0 to 1. */
export type LoadProgress = { file: string; rows: number; share: number }
export type LoadReport = { counts: Record<string, number>; rejected: number }

const BATCH_ROWS = 5_000
const TIMEOUT_MS = 120_000

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
  for (const loader of FILES.filter(({ after }) => !after)) await load.file(loader, found)
  await load.orders(found.get('order_lines')!)
  for (const loader of FILES.filter(
    ({ after, name }) => after && (name !== 'promotions_weekly' || options.promotions),
  )) {
    await load.file(loader, found)
  }
  await derive(graph, options)
  await load.finish()
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
    let batch: unknown[] = []
    await this.read(file, loader.columns, {
      take: (row) => {
        const item = prepared.toRow(row)
        if (item !== null) batch.push(item)
      },
      full: () => batch.length >= BATCH_ROWS,
      write: async (tx) => {
        if (batch.length > 0) await prepared.write(tx, batch)
        return undefined
      },
      clear: () => {
        batch = []
      },
    })
  }

  /** Lines of an order share their time but may lie between others of that second: a batch ends where the time moves on. */
  async orders(file: CsvFile): Promise<void> {
    const { until } = this.options
    const known = { customers: new Set<string>(), products: new Set<string>() }
    let batch = new OrderBatch()
    let latest = 0
    let moved = false
    await this.read(file, ORDER_COLUMNS, {
      take: (row) => {
        const line = toOrderLine(row)
        if (until && line.placedAt >= until) return
        batch.add(line)
      },
      full: (row) => {
        const at = Date.parse(row.ordered_at ?? '')
        moved = at !== latest
        latest = at
        return moved && batch.lines >= BATCH_ROWS
      },
      write: async (tx) => {
        const rows = batch.rows()
        const customerIds = fresh(
          rows.map((row) => row.customerId),
          known.customers,
        )
        const productIds = fresh(
          rows.flatMap((row) => row.lines.map((line) => line.productId)),
          known.products,
        )
        if (customerIds.length > 0 || productIds.length > 0) await tx.query('load/unknown', { customerIds, productIds })
        if (rows.length > 0) await tx.query('load/orders', { rows })
        return () => {
          for (const id of customerIds) known.customers.add(id)
          for (const id of productIds) known.products.add(id)
        }
      },
      clear: () => {
        batch = new OrderBatch()
      },
    })
  }

  async finish(): Promise<void> {
    for (const id of this.marks) {
      const mark = await this.graph.query('load/marked', { id })
      if (mark) await this.graph.query('load/mark', { id, rows: 0, done: true })
    }
  }

  private async read(
    file: CsvFile,
    columns: readonly string[],
    sink: {
      take(row: CsvRow): void
      /** Asked before each row: should what was taken so far be written first? */
      full(row: CsvRow): boolean
      /** May return what to do once the transaction has committed. */
      write(tx: Transaction): Promise<(() => void) | undefined>
      clear(): void
    },
  ): Promise<void> {
    const { signal, onProgress = () => {}, onReject = () => {} } = this.options
    const id = await fingerprint(file, this.options)
    this.marks.push(id)
    const mark = await this.graph.query('load/marked', { id })
    const skip = mark && !mark.done ? mark.rows : 0
    let rows = 0
    const flush = async (done: boolean) => {
      signal?.throwIfAborted()
      const after = await this.graph.transaction(
        async (tx) => {
          const committed = await sink.write(tx)
          await tx.query('load/mark', { id, rows, done: false })
          return committed
        },
        { timeoutMs: TIMEOUT_MS },
      )
      after?.()
      sink.clear()
      onProgress({ file: file.name, rows, share: done ? 1 : share })
    }
    let share = 0
    for await (const entry of readCsv(file, columns)) {
      share = entry.share
      if (rows >= skip) {
        if (sink.full(entry.row)) await flush(false)
        try {
          sink.take(entry.row)
        } catch (error) {
          this.report.rejected++
          onReject({ file: file.name, line: entry.line, reason: (error as Error).message })
        }
      }
      rows++
    }
    await flush(true)
    this.report.counts[file.name] = rows
  }
}

const fresh = (ids: readonly string[], known: ReadonlySet<string>) =>
  [...new Set(ids)].filter((id) => !known.has(id)).sort()

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
