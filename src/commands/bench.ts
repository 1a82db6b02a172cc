import { existsSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { SAMPLE } from '../../seeds/load.ts'
import type { Bench } from '../../test/bench/bench.ts'
import { createApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import { PROJECT_ROOT } from '../root.ts'
import { runCommand } from './connect.ts'
import { withTemporaryServices } from './temporary.ts'

const FOLDER = path.join(PROJECT_ROOT, 'test/bench')
const RESULTS = path.join(PROJECT_ROOT, 'bench-results')
const names = () =>
  readdirSync(FOLDER)
    .map((file) => path.basename(file, '.ts'))
    .filter((name) => !['bench', 'client', 'loadCsv'].includes(name))

const HELP = `Measures on a Neo4j and a Redis of its own, in a temporary folder; never on yours.

  npm run bench -- [NAME …] [--data DIR] [--minutes 1] [--customers 100000]

  NAME    one of ${names().join(', ')} (default: all)
  --data  the whole Complete Journey (default: ../shared/data/complete-journey; without it the sample is used)
  --minutes  how long ingest is to take, at 3,000 lines a second
  --customers  how many audience decides about

Prints a table beside a baseline measured in the same run and writes bench-results/NAME.json.
`

runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      minutes: { type: 'string', default: '1' },
      customers: { type: 'string', default: '100000' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const minutes = Number(values.minutes)
  if (!(minutes > 0 && minutes <= 120))
    throw new Error(`--minutes is not a number of minutes up to 120: ${values.minutes}`)
  const customers = Number(values.customers)
  if (!(Number.isInteger(customers) && customers > 0 && customers <= 1_000_000))
    throw new Error(`--customers is not a number of customers up to 1,000,000: ${values.customers}`)
  const unknown = positionals.find((name) => !names().includes(name))
  if (unknown) throw new Error(`There is no bench ${unknown}; there are ${names().join(', ')}`)
  const usual = path.join(PROJECT_ROOT, '../shared/data/complete-journey')
  const dataDir = values.data ?? (existsSync(usual) ? usual : null)
  for (const name of positionals.length > 0 ? positionals : names()) await run(name, dataDir, { minutes, customers })
})

async function run(name: string, dataDir: string | null, sizes: Pick<Bench, 'minutes' | 'customers'>): Promise<void> {
  const rows: Record<string, string | number>[] = []
  const notes: string[] = []
  const note = (text: string) => {
    notes.push(text)
    process.stdout.write(`${text}\n`)
  }
  await withTemporaryServices(async ({ home, neo4j, redis, driver, graph, atEnd }) => {
    const secret = 'a secret of the bench, long enough to be one'
    const bench: Bench = {
      graph,
      driver,
      neo4j,
      redis,
      ...sizes,
      dataDir,
      sample: SAMPLE,
      neo4jHome: path.join(home, 'neo4j'),
      row: (values) => rows.push(values),
      note,
      startApp: async (env = {}) => {
        const usual = { NODE_ENV: 'test', PORT: '0', JWT_SECRET: secret, LOG_LEVEL: 'silent', DATA_HOME: home }
        const app = await createApp(loadConfig({ ...usual, ...env }), { neo4j, redis })
        atEnd(app.stop)
        return { ...app, secret }
      },
    }
    note(
      `${name}: Node ${process.version}, ${os.cpus().length} cores, ${dataDir ? 'the whole Complete Journey' : 'the sample'}`,
    )
    const module = (await import(path.join(FOLDER, `${name}.ts`))) as { default(bench: Bench): Promise<void> }
    await module.default(bench)
    console.table(rows)
    await mkdir(RESULTS, { recursive: true })
    const results = { name, at: new Date().toISOString(), notes, rows }
    await writeFile(path.join(RESULTS, `${name}.json`), `${JSON.stringify(results, null, 2)}\n`)
  })
}
