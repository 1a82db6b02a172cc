import { loadSample } from '../seeds/load.ts'
import type { App } from './app.ts'
import type { LoadProgress } from './ingest/load.ts'

/** `until`: of the sample only what happened before, instead of all. */
export type PrepareOptions = { until?: Date }

/** A first start has something to answer with: the sample if the graph is empty, a model if none is active. */
export async function prepare(
  { graph, services, vault }: Pick<App, 'graph' | 'services' | 'vault'>,
  say: (message: string) => void,
  { until }: PrepareOptions = {},
): Promise<void> {
  const state = await graph.query('catalog/state', {})
  if (!state?.orders) {
    say('The graph is empty: loading the sample (about 300 households of the Complete Journey)…')
    const told = ({ file, rows, share }: LoadProgress) =>
      say(`  ${file}: ${rows.toLocaleString('en')}${share > 0 ? ` (${Math.round(share * 100)} %)` : ''}`)
    const report = await loadSample(graph, vault, throttle(told), { until })
    say(
      `Loaded ${Object.entries(report.counts)
        .map(([file, rows]) => `${rows} ${file}`)
        .join(', ')}.`,
    )
  }
  if (!state?.activeModels) {
    say('No model is active: training one…')
    const id = await services.model.train(
      {},
      throttle(({ doing, share }) => say(`  ${doing} (${Math.round(share * 100)} %)`)),
    )
    await services.model.activate(id)
    say(`Model ${id} is active.`)
  }
}

/** At most one line a second: the start goes to logs as often as to a terminal. */
function throttle<T extends { share: number }>(tell: (progress: T) => void): (progress: T) => void {
  let last = 0
  return (progress) => {
    if (progress.share < 1 && Date.now() - last < 1_000) return
    last = Date.now()
    tell(progress)
  }
}
