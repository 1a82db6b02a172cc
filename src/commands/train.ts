import { parseArgs } from 'node:util'
import { createModelService } from '../modules/model/model.service.ts'
import { createTrainer } from '../modules/recommendation/trainer.ts'
import { createThreads } from '../threads/pool.ts'
import { connectForCommand, runCommand } from './connect.ts'
import { progressBar } from './progress.ts'

const HELP = `Trains a model version beside the active one.

  npm run train [-- --activate] [--until 2017-12-01] [--kinds ITEM_MODEL,SIMILAR_CUSTOMER]

  --activate  makes it the one that answers
  --until     learn only from orders placed before this date
  --kinds     learn only these kinds of evidence
`

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      activate: { type: 'boolean', default: false },
      until: { type: 'string' },
      kinds: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const until = values.until === undefined ? undefined : new Date(values.until)
  if (until && Number.isNaN(until.getTime())) throw new Error(`--until is not a date: ${values.until}`)

  const kinds = values.kinds?.split(',').map((kind) => kind.trim())

  const { graph, settings, close } = await connectForCommand()
  const threads = createThreads(settings)
  try {
    const models = createModelService({ graph, trainer: createTrainer(graph, threads.train) })
    const bar = progressBar()
    const options = { ...(until ? { until } : {}), ...(kinds ? { kinds } : {}) }
    const id = await models.train(options, ({ doing, share }) => bar.update('training', doing, share))
    bar.stop()
    if (values.activate) await models.activate(id)
    process.stdout.write(`Model ${id} is ${values.activate ? 'active' : 'ready'}.\n`)
  } finally {
    await threads.stop()
    await close()
  }
})
