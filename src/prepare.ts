import { loadSample } from '../seeds/load.ts'
import type { App } from './app.ts'

/** A first start has something to answer with: the sample if the graph is empty, a model if none is active. */
export async function prepare({ graph, services }: Pick<App, 'graph' | 'services'>, say: (message: string) => void): Promise<void> {
  const state = await graph.query('catalog/state', {})
  if (!state?.orders) {
    say('The graph is empty: loading the sample (about 300 households of the Complete Journey)…')
    const report = await loadSample(graph, throttled(say))
    say(`Loaded ${Object.entries(report.counts).map(([file, rows]) => `${rows} ${file}`).join(', ')}.`)
  }
  if (!state?.activeModels) {
    say('No model is active: training one…')
    const tell = throttled(say)
    const id = await services.model.train({}, ({ done, total }) => tell({ file: 'model', rows: done, total, done: done === total }))
    await services.model.activate(id)
    say(`Model ${id} is active.`)
  }
}

type Progress = { file: string; rows: number; total?: number; done: boolean }

/** At most one line a second: the start goes to logs as often as to a terminal. */
function throttled(say: (message: string) => void): (progress: Progress) => void {
  let last = 0
  return ({ file, rows, total, done }) => {
    if (!done && Date.now() - last < 1_000) return
    last = Date.now()
    say(`  ${file}: ${rows.toLocaleString('en')}${total ? ` of ${total.toLocaleString('en')}` : ''}`)
  }
}
