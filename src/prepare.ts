import { loadSample } from '../seeds/load.ts'
import type { App } from './app.ts'
import type { LoadProgress } from './ingest/load.ts'

/** A first start has something to answer with: the sample if the graph is empty, a model if none is active. */
export async function prepare(
  { graph, services }: Pick<App, 'graph' | 'services'>,
  say: (message: string) => void,
): Promise<void> {
  const state = await graph.query('catalog/state', {})
  if (!state?.orders) {
    say('The graph is empty: loading the sample (about 300 households of the Complete Journey)…')
    const report = await loadSample(graph, throttled(say))
    say(
      `Loaded ${Object.entries(report.counts)
        .map(([file, rows]) => `${rows} ${file}`)
        .join(', ')}.`,
    )
  }
  if (!state?.activeModels) {
    say('No model is active: training one…')
    const tell = throttled(say)
    const id = await services.model.train({}, ({ done, total }) =>
      tell({ file: 'products', rows: done, share: done / total }),
    )
    await services.model.activate(id)
    say(`Model ${id} is active.`)
  }
}

/** At most one line a second: the start goes to logs as often as to a terminal. */
function throttled(say: (message: string) => void): (progress: LoadProgress) => void {
  let last = 0
  return ({ file, rows, share }) => {
    if (share < 1 && Date.now() - last < 1_000) return
    last = Date.now()
    say(`  ${file}: ${rows.toLocaleString('en')}${share > 0 ? ` (${Math.round(share * 100)} %)` : ''}`)
  }
}
