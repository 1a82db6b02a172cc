import { closeSync, existsSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { instant, type Reject } from '../ingest/csv.ts'
import { BATCH_ROWS, loadJourney } from '../ingest/load.ts'
import { createVault } from '../pii/vault.ts'
import { piiKeys } from '../secrets.ts'
import { connectForCommand, runCommand } from './connect.ts'
import { progressBar } from './progress.ts'

const HELP = `Loads CSV files of the Complete Journey's form (plain or gzip).

  npm run load -- --data DIR [--until 2017-12-01] [--promotions] [--synthetic-contacts] [--batch 5000]

  --data                the folder; needs order_lines and products, the other files are optional
  --until               only what happened before this date
  --promotions          also display and mailer by week (1.18 million rows)
  --synthetic-contacts  contact details, language, time zone and consent made up from the id, for data that has none
  --batch               rows a transaction (default: ${BATCH_ROWS}); an order is never divided

Loading again changes nothing: an order that is there stays as it is. A load that was interrupted continues where it stopped. Lines of
an order must stand together, or be sorted by ordered_at. Rows that can't be used go to a file of this run,
DATA_HOME/rejects-TIME.csv, with their line and reason.
`

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      until: { type: 'string' },
      promotions: { type: 'boolean', default: false },
      'synthetic-contacts': { type: 'boolean', default: false },
      batch: { type: 'string', default: String(BATCH_ROWS) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  if (!values.data) throw new Error('--data DIR is needed; npm run load -- --help says more')
  if (!existsSync(values.data) || !statSync(values.data).isDirectory())
    throw new Error(`--data is not a folder: ${values.data}`)
  const until = values.until === undefined ? undefined : instant(values.until)
  if (until === null) throw new Error(`--until is not a date: ${values.until}`)

  const batchRows = Number(values.batch)
  if (!Number.isSafeInteger(batchRows) || batchRows < 1)
    throw new Error(`--batch is not a number of rows: ${values.batch}`)

  const { graph, close } = await connectForCommand()
  const config = loadConfig()
  const rejects = rejectsFile(config.dataHome)
  const bar = progressBar()
  const interrupted = interruption()
  try {
    const report = await loadJourney(graph, {
      dataDir: values.data,
      until,
      promotions: values.promotions,
      syntheticContacts: values['synthetic-contacts'] ? createVault(piiKeys(config)) : undefined,
      batchRows,
      onProgress: ({ file, rows, share }) => bar.update(file, rows, share),
      onReject: rejects.write,
      signal: interrupted,
    })
    bar.stop()
    const counts = Object.entries(report.counts).map(([file, rows]) => `${file} ${rows.toLocaleString('en')}`)
    const where = report.rejected > 0 ? ` (see ${rejects.path})` : ''
    process.stdout.write(`Read ${counts.join(', ')}; rejected ${report.rejected.toLocaleString('en')}${where}.\n`)
  } finally {
    bar.stop()
    rejects.close()
    await close()
  }
})

/** The first Ctrl-C ends the load between two batches, a second one at once. (A progress bar would swallow the first.) */
function interruption(): AbortSignal {
  const controller = new AbortController()
  const stop = () => controller.abort(new Error('Interrupted. The same command continues where this one stopped.'))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  return controller.signal
}

/** Made with the first reject, and written at once: what a batch left out is on disk before the batch is. */
function rejectsFile(folder: string) {
  const file = path.join(folder, `rejects-${new Date().toISOString().replaceAll(':', '-')}.csv`)
  let open: number | undefined
  return {
    path: file,
    write: ({ file: name, line, reason }: Reject) => {
      if (open === undefined) {
        mkdirSync(folder, { recursive: true })
        open = openSync(file, 'wx', 0o600)
        writeSync(open, 'file,line,reason\n')
      }
      writeSync(open, `${name},${line},"${reason.replaceAll('"', '""')}"\n`)
    },
    close: () => {
      if (open !== undefined) closeSync(open)
    },
  }
}
