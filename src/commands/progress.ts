import { SingleBar } from 'cli-progress'

export type ProgressBar = { update(step: string, rows: number | string, share: number): void; stop(): void }

const LINE_EVERY_MS = 5_000

/** One bar a step with rate and time left on a terminal; elsewhere a plain line now and then. */
export function progressBar(stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  let step = ''
  let started = 0
  let said = 0
  let bar: SingleBar | undefined
  const stop = () => {
    bar?.stop()
    bar = undefined
  }
  return {
    update(next, rows, share) {
      const now = Date.now()
      if (next !== step) {
        stop()
        step = next
        started = now
        said = 0
        if (stream.isTTY) {
          bar = new SingleBar({ format: '{step} [{bar}] {text}', hideCursor: true, stream })
          bar.start(1, 0, { step: step.padEnd(22), text: '' })
        }
      }
      const text = describe(rows, share, (now - started) / 1000)
      if (bar) bar.update(share, { step: step.padEnd(22), text })
      else if (now - said > LINE_EVERY_MS) {
        said = now
        stream.write(`${step}: ${text}\n`)
      }
    },
    stop,
  }
}

function describe(rows: number | string, share: number, seconds: number): string {
  const rate =
    seconds > 0 && typeof rows === 'number' ? `, ${Math.round(rows / seconds).toLocaleString('en')} a second` : ''
  const left = share > 0 && share < 1 ? `, ${Math.ceil((seconds / share) * (1 - share))} s left` : ''
  const part = share > 0 ? ` (${Math.round(share * 100)} %)` : ''
  return `${rows.toLocaleString('en')}${part}${rate}${left}`
}
