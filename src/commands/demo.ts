import { parseArgs } from 'node:util'
import { SAMPLE } from '../../seeds/load.ts'
import type { App } from '../app.ts'
import { signToken } from '../auth/viewer.ts'
import { loadConfigWith } from '../config.ts'
import { type History, loaderOf, readHistory } from '../demo/history.ts'
import { openDemoHome } from '../demo/home.ts'
import { replay } from '../demo/replay.ts'
import { say, serve } from '../serve.ts'
import { runCommand } from './connect.ts'
import { progressBar } from './progress.ts'

const DAYS = 28
/** Four weeks in ten minutes. */
const SPEED = 0.4
const MOST_SPEED = 1_000_000

const HELP = `Starts the service with the sample up to four weeks before its end, then plays those weeks as they happened, through the API.

  npm run demo [-- --speed ${SPEED}] [--data-home DIR] [--fresh]

  --speed      weeks a minute (default: ${SPEED}, ten minutes in all)
  --data-home  the demo's own folder (default: that of npm start with -demo behind it)
  --fresh      from the beginning; otherwise it continues where it was stopped

Ctrl-C stops it. It starts Neo4j and Redis of its own: NEO4J_URI, REDIS_URL, JWKS_URL and TLS_CERT do not count; PORT and HOST do.
`

/** What would lead it elsewhere, or keep it from signing tokens of its own. */
const OWN = {
  NEO4J_URI: undefined,
  REDIS_URL: undefined,
  KAFKA_BROKERS: undefined,
  JWKS_URL: undefined,
  TLS_CERT: undefined,
  TLS_KEY: undefined,
}

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      speed: { type: 'string', default: String(SPEED) },
      'data-home': { type: 'string' },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const weeksAMinute = Number(values.speed)
  if (!(weeksAMinute > 0 && weeksAMinute <= MOST_SPEED))
    throw new Error(`--speed must be weeks a minute, more than 0 and at most ${MOST_SPEED}, not ${values.speed}`)
  const usual = loadConfigWith(OWN)
  if (usual.production) throw new Error('npm run demo is not for NODE_ENV=production')
  const config = loadConfigWith({ ...OWN, DATA_HOME: values['data-home'] ?? `${usual.dataHome}-demo` })
  const home = openDemoHome(config.dataHome, values.fresh)
  const history = await readHistory(SAMPLE, DAYS)
  await serve(() => ({
    config,
    jarsHome: usual.dataHome,
    prepared: { until: history.since },
    beside: async (app, signal) => {
      home.prepared()
      await play(app, history, weeksAMinute, signal)
    },
  }))
})

async function play(
  app: App,
  { since, events, plans }: History,
  weeksAMinute: number,
  signal: AbortSignal,
): Promise<void> {
  // There is no public way yet to make a campaign; loading them again changes nothing.
  for (const { file, rows } of plans) await app.graph.transaction((tx) => loaderOf(file).prepare({}).write(tx, rows))
  say(`\nReplaying what happened since ${since.toISOString().slice(0, 10)}, ${weeksAMinute} weeks a minute…`)
  const bar = progressBar()
  const recorded = await replay({
    url: app.url,
    token: (role) => signToken({ role, subject: 'demo', ttl: '5m' }, app.tokens),
    events,
    since,
    weeksAMinute,
    onProgress: ({ share, at, recorded }) =>
      bar.update('replay', `${at.toISOString().slice(0, 16)}, ${recorded.accepted} events`, share),
    signal,
  }).finally(() => bar.stop())
  if (recorded === null) return
  const { accepted, duplicates, rejected } = recorded
  const why = rejected.length > 0 ? ` The first: ${rejected[0]!.message}` : ''
  say(
    `Replayed: ${accepted} recorded, ${duplicates} there before, ${rejected.length} rejected.${why} Ctrl-C stops the service.`,
  )
}
