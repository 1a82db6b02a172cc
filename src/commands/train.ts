import { parseArgs } from 'node:util'
import { createModelService } from '../modules/model/model.service.ts'
import { connectForCommand, runCommand } from './connect.ts'
import { progressBar } from './progress.ts'

const HELP = `Trains a model version beside the active one.

  npm run train [-- --activate] [--until 2017-12-01]

  --activate  makes it the one that answers
  --until     learn only from orders placed before this date
`

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      activate: { type: 'boolean', default: false },
      until: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const until = values.until === undefined ? undefined : new Date(values.until)
  if (until && Number.isNaN(until.getTime())) throw new Error(`--until is not a date: ${values.until}`)

  const { graph, close } = await connectForCommand()
  try {
    const models = createModelService({ graph })
    const bar = progressBar()
    const id = await models.train(until ? { until } : {}, ({ done, total }) =>
      bar.update('products', done, done / total),
    )
    bar.stop()
    if (values.activate) await models.activate(id)
    process.stdout.write(`Model ${id} is ${values.activate ? 'active' : 'ready'}.\n`)
  } finally {
    await close()
  }
})
