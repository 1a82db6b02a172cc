import { scaleLinear } from '@visx/scale'
import { Bar } from '@visx/shape'
import type { Explained } from './explained.ts'
import { sumsByKind } from './paths.ts'
import { asContribution, asScore, kindName } from './words.ts'

/** A waterfall: every bar begins where the one above it ended, and the last is the score. */
export function Contributions({ explained }: { explained: Explained }) {
  let sum = 0
  const rows = sumsByKind(explained).map((one) => {
    const from = sum
    sum += one.contribution
    return { ...one, from, to: sum }
  })
  const scale = scaleLinear<number>({
    domain: [Math.min(0, sum, ...rows.map(({ to }) => to)), Math.max(1e-12, sum, ...rows.map(({ to }) => to))],
    range: [0, 100],
  })
  const bar = (from: number, to: number, name: string) => (
    <svg className="waterfall" width="100%" height="14" aria-hidden="true">
      <Bar
        className={name}
        x={`${scale(Math.min(from, to))}%`}
        width={`${Math.abs(scale(to) - scale(from))}%`}
        height={14}
      />
    </svg>
  )
  return (
    <table className="contributions">
      <caption>What each kind of path adds</caption>
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col">Adds</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ kind, contribution, from, to }) => (
          <tr key={kind} data-kind={kind}>
            <th scope="row">{kindName(kind)}</th>
            <td>
              <data value={contribution}>{asContribution(contribution)}</data>
            </td>
            <td>{bar(from, to, contribution < 0 ? 'minus' : 'plus')}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Score</th>
          <td>
            <data value={explained.score}>{asScore(explained.score)}</data>
          </td>
          <td>{bar(0, explained.score, 'whole')}</td>
        </tr>
      </tfoot>
    </table>
  )
}
