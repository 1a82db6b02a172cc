import { createWriteStream, existsSync, statSync, type WriteStream } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { loadJourney } from '../ingest/load.ts'
import { connectForCommand, runCommand } from './connect.ts'
import { progressBar } from './progress.ts'

const HELP = `Loads CSV files of the Complete Journey's form (plain or gzip).

  npm run load -- --data DIR [--until 2017-12-01] [--promotions] [--synthetic-contacts]

  --data                the folder; needs order_lines and products, the other files are optional
  --until               only what happened before this date
  --promotions          also display and mailer by week (1.18 million rows)
  --synthetic-contacts  language, time zone and consent made up from the id, for data that has none

Loading again changes nothing; an interrupted load continues where it stopped. Rows that can't be used go to
DATA_HOME/rejects.csv with their line and reason.
`

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      until: { type: 'string' },
      promotions: { type: 'boolean', default: false },
      'synthetic-contacts': { type: 'boolean', default: false },
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
  const until = values.until === undefined ? undefined : new Date(values.until)
  if (until && Number.isNaN(until.getTime())) throw new Error(`--until is not a date: ${values.until}`)

  const { graph, close } = await connectForCommand()
  const rejectsFile = path.join(loadConfig().dataHome, 'rejects.csv')
  let rejects: WriteStream | undefined
  const bar = progressBar()
  try {
    const report = await loadJourney(graph, {
      dataDir: values.data,
      until,
      promotions: values.promotions,
      syntheticContacts: values['synthetic-contacts'],
      onProgress: ({ file, rows, share }) => bar.update(file, rows, share),
      onReject: ({ file, line, reason }) => {
        rejects ??= createWriteStream(rejectsFile)
        rejects.write(`${file},${line},${JSON.stringify(reason)}\n`)
      },
    })
    bar.stop()
    const counts = Object.entries(report.counts).map(([file, rows]) => `${file} ${rows.toLocaleString('en')}`)
    const where = report.rejected > 0 ? ` (see ${rejectsFile})` : ''
    process.stdout.write(`Read ${counts.join(', ')}; rejected ${report.rejected.toLocaleString('en')}${where}.\n`)
  } finally {
    bar.stop()
    rejects?.end()
    await close()
  }
})
