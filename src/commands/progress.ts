import { Format, SingleBar } from 'cli-progress'

export type ProgressBar = { update(done: number, total: number): void; stop(): void }

/** A bar with rate and time left on a terminal; elsewhere a plain line now and then. */
export function progressBar(unit: string): ProgressBar {
  let started = 0
  const bar = new SingleBar({
    format: (options, params, payload) =>
      `${unit} ${Format.BarFormat(params.progress, options)} ${params.value.toLocaleString('en')} of ${params.total.toLocaleString('en')}  ${rate(params.value, started)}/s  ${payload.left} left`,
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    hideCursor: true,
    stream: process.stderr,
  })
  return {
    update(done, total) {
      if (started === 0) {
        started = Date.now()
        bar.start(total, done, { left: '?' })
      }
      const seconds = (Date.now() - started) / 1000
      const left = done > 0 ? `${Math.ceil((seconds / done) * (total - done))} s` : '?'
      bar.setTotal(total)
      bar.update(done, { left })
    },
    stop: () => bar.stop(),
  }
}

const rate = (done: number, started: number) =>
  Math.round(done / Math.max((Date.now() - started) / 1000, 0.001)).toLocaleString('en')
