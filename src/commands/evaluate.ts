import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { onArrays } from '../evaluation/arrays.ts'
import { baselines } from '../evaluation/baselines.ts'
import { type Evaluated, evaluateAll, type Row } from '../evaluation/evaluate.ts'
import { readMerchandise } from '../evaluation/lines.ts'
import { responseTable, table, toJson, writeLists } from '../evaluation/report.ts'
import { type Level, type Split, splitAt } from '../evaluation/split.ts'
import { TYPE_PARAMETERS, TYPE_WEIGHTS } from '../evaluation/types.ts'
import { loadJourney } from '../ingest/load.ts'
import { PARAMETERS, WEIGHTS } from '../modules/model/parameters.ts'
import { weightsOf } from '../modules/recommendation/trainer.ts'
import { runCommand } from './connect.ts'
import { evaluateResponse } from './evaluate-response.ts'
import { serveAsOf } from './evaluate-serving.ts'
import { progressBar } from './progress.ts'
import { withTemporaryServices } from './temporary.ts'

const HELP = `Evaluates the recommender on the fixed protocol (README, "Evaluation"), beside baselines of the same run.

  npm run evaluate -- --data DIR [--cut 2017-12-01] [--end DATE] [--campaigns 2017-09-01] [--kinds K,…] [--out DIR]

  --data   CSV files of the Complete Journey's form
  --cut    learn from what was bought before this day, test from it on (default 2017-12-01)
  --end    where the test ends (default: with the data)
  --campaigns  test the campaigns that start from this day on, learn who responds from those that ended before (default 2017-09-01)
  --kinds  only these kinds of evidence, say SIMILAR_CUSTOMER,ITEM_MODEL
  --out    a folder for the table as JSON and for the lists (ours/B-product.jsonl, …)

Works on a Neo4j of its own, in a temporary folder; never on yours. On the whole Complete Journey it takes some ten minutes.
`

const day = (name: string, text: string | undefined): Date => {
  const date = new Date(text ?? '')
  if (Number.isNaN(date.getTime())) throw new Error(`--${name} is not a date: ${text}`)
  return date
}

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      cut: { type: 'string', default: '2017-12-01' },
      end: { type: 'string', default: '2100-01-01' },
      campaigns: { type: 'string', default: '2017-09-01' },
      kinds: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const { data, out } = values
  if (!data || !existsSync(data)) throw new Error(`--data names no folder: ${data ?? 'nothing'}`)
  const [cut, end] = [day('cut', values.cut), day('end', values.end)]
  const campaigns = day('campaigns', values.campaigns)
  const kinds = values.kinds?.split(',').map((kind) => kind.trim())
  weightsOf(WEIGHTS, kinds)

  const bar = progressBar()
  const lines = await readMerchandise(data, (share) => bar.update('reading', 'order lines', share))
  const typeOf = new Map(lines.products.map((id, at) => [id, lines.types[lines.typeOf[at]!]!]))
  const all: { rows: Row[]; served?: object; response?: Awaited<ReturnType<typeof evaluateResponse>> } = { rows: [] }
  const evaluate = async (split: Split, evaluated: Evaluated[]) => {
    const rows = await evaluateAll(split, evaluated, undefined, {
      inFlight: 4,
      onProgress: ({ name, task, done, total }) => bar.update(`${name}, ${task} ${split.level}`, done, done / total),
    })
    all.rows.push(...rows)
  }
  const asArrays = (name: string, split: Split, only: string[] | undefined): Evaluated =>
    onArrays(name, split.training, {
      asOf: split.cut,
      ...(split.level === 'product'
        ? { classOf: (item) => typeOf.get(item)!, parameters: PARAMETERS, weights: weightsOf(WEIGHTS, only) }
        : { classOf: categoryOf, parameters: TYPE_PARAMETERS, weights: weightsOf(TYPE_WEIGHTS, only) }),
    })
  const beside = (split: Split): Evaluated[] => [
    ...baselines(split.training, split.cut),
    ...usedKinds(split.level).map((kind) => asArrays(`${kind} alone`, split, [kind])),
  ]

  const products = splitAt(lines, { level: 'product', cut, end })
  await withTemporaryServices(async (services) => {
    const say = (doing: string, share: number) => bar.update(doing, '', share)
    const { ours, ask } = await serveAsOf(services, { data, cut, kinds, say })
    await evaluate(products, [ours])
    all.served = await ask([...products.customers])
    // Of what came after the cut too: each campaign is judged as of its own start.
    await loadJourney(services.graph, { dataDir: data, onProgress: ({ file, share }) => say(`loading ${file}`, share) })
    all.response = await evaluateResponse(services.graph, campaigns, say)
  })
  await evaluate(products, beside(products))
  const types = splitAt(lines, { level: 'type', cut, end })
  await evaluate(types, [asArrays('ours', types, kinds), ...beside(types)])
  bar.stop()

  const served = JSON.stringify(all.served, null, 2)
  const { rows, model } = all.response!
  const response = `${responseTable(rows)}\n\nLearned: ${JSON.stringify(model)}`
  process.stdout.write(`${table(all.rows)}\n\n${response}\n\nAs served: ${served}\n`)
  if (out) {
    await mkdir(out, { recursive: true })
    await writeFile(
      path.join(out, 'evaluation.json'),
      `{"served": ${served}, "response": ${JSON.stringify(all.response)}, "rows": ${toJson(all.rows)}}\n`,
    )
    for (const row of all.rows) await writeLists(path.join(out, row.name.replaceAll(' ', '-')), row)
  }
})

const categoryOf = (type: string) => type.slice(0, type.indexOf(' | '))

const usedKinds = (level: Level): string[] =>
  [...new Set(Object.values(level === 'product' ? WEIGHTS : TYPE_WEIGHTS).flatMap((set) => Object.keys(set)))].filter(
    (kind) => !['POPULAR_IN_GROUP', 'CAMPAIGN'].includes(kind),
  )
