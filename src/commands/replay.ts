import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { ERROR_CODES } from '../errors.ts'
import { TOPIC_NAMES } from '../ingest/kafka/messages.ts'
import { replay } from '../ingest/kafka/replay.ts'
import { connectForCommand, runCommand } from './connect.ts'
import { progressBar } from './progress.ts'

const HELP = `Puts dead letters back into the topics they came from, each once.

  npm run replay [-- --topic orders] [--code NOT_FOUND] [--dry-run]
  npm run replay -- --webhooks [--campaign ID] [--dry-run]

  --topic    only those of one topic: ${TOPIC_NAMES.join(', ')}
  --code     only those refused with this code, such as NOT_FOUND or BAD_USER_INPUT
  --webhooks decisions that a campaign's webhook would not take for a day: they are delivered anew
  --campaign only those of one campaign
  --dry-run  counts them and changes nothing

Reads KAFKA_BROKERS and the other variables of the service. What another topic or code has to stay for is put at the end of the dead
letters, to be found the next time. What is refused again becomes a dead letter again.
`

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      topic: { type: 'string' },
      code: { type: 'string' },
      webhooks: { type: 'boolean', default: false },
      campaign: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const { topic, code, 'dry-run': dryRun } = values
  if (values.webhooks) return replayWebhooks(values.campaign ?? null, dryRun)
  if (values.campaign !== undefined) throw new Error('--campaign goes with --webhooks')
  refuseUnknown('topic', topic, TOPIC_NAMES)
  refuseUnknown('code', code, ERROR_CODES)
  const { kafka } = loadConfig()
  if (!kafka) throw new Error('KAFKA_BROKERS is not set')

  const bar = progressBar()
  const onProgress = (read: number, share: number) => bar.update('replaying', read, share)
  const { replayed, kept, foreign } = await replay(kafka, { topic, code, dryRun, onProgress }).finally(bar.stop)
  const counts = TOPIC_NAMES.filter((name) => replayed[name]).map(
    (name) => `${name} ${replayed[name]!.toLocaleString('en')}`,
  )
  const rest = [kept > 0 ? `left ${kept}` : '', foreign > 0 ? `passed over ${foreign} of others` : ''].filter(Boolean)
  process.stdout.write(
    `${[`${dryRun ? 'Would put back' : 'Put back'} ${counts.join(', ') || 'nothing'}`, ...rest].join('; ')}.\n`,
  )
})

async function replayWebhooks(campaignId: string | null, dryRun: boolean): Promise<void> {
  const { graph, close } = await connectForCommand()
  try {
    const { revived } = (await graph.query('decision/revive', { campaignId, changes: !dryRun }))!
    process.stdout.write(`${dryRun ? 'Would deliver' : 'Delivers'} ${revived.toLocaleString('en')} decisions anew.\n`)
  } finally {
    await close()
  }
}

function refuseUnknown(name: string, given: string | undefined, known: readonly string[]): void {
  if (given !== undefined && !known.includes(given))
    throw new Error(`--${name} is none of ${known.join(', ')}: ${given}`)
}
