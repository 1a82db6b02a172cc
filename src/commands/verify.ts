import { parseArgs } from 'node:util'
import { createModelService } from '../modules/model/model.service.ts'
import { createRecommendationService } from '../modules/recommendation/recommendation.service.ts'
import { createTrainer } from '../modules/recommendation/trainer.ts'
import { createThreads } from '../threads/pool.ts'
import { toText } from '../verify/report.ts'
import { verify } from '../verify/verify.ts'
import { connectForCommand, runCommand } from './connect.ts'
import { progressBar } from './progress.ts'

const HELP = `Asks for offers and explanations, counts every score again from the paths in the graph by Cypher of its own, and fails on
any difference above 1e-9 (relative). Changes nothing.

  npm run verify [-- --sample 200] [--seed 1] [--model ID]

  --sample  how many customers, drawn at random
  --seed    another one draws others
  --model   instead of the active one
`

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      sample: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      model: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const sample = wholeNumber('sample', values.sample)
  const seed = wholeNumber('seed', values.seed)

  const { graph, settings, close } = await connectForCommand()
  const threads = createThreads(settings)
  try {
    const models = createModelService({ graph, trainer: createTrainer(graph, threads.train) })
    const service = createRecommendationService({ graph, models, rank: threads.rank, without: threads.without })
    const bar = progressBar()
    const onProgress = (customers: number, share: number) => bar.update('verifying', customers, share)
    const report = await verify({ graph, service, model: values.model ?? null, sample, seed, onProgress }).finally(
      bar.stop,
    )
    process.stdout.write(`${toText(report)}\n`)
    if (report.lines.length === 0) throw new Error('Nothing was offered, so nothing was verified.')
    if (report.different > 0) process.exitCode = 1
  } finally {
    await threads.stop()
    await close()
  }
})

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${name} is not a whole number above 0: ${text}`)
  return Number(text)
}
