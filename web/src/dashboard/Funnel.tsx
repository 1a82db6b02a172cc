import type { CampaignPerformanceChangedSubscription } from '../generated/operations.ts'
import { asCount, inWords } from './format.ts'

type Step = CampaignPerformanceChangedSubscription['campaignPerformanceChanged']['funnel'][number]

/** How far customers got, each bar a share of all who are treated. */
export function Funnel({ steps, treated }: { steps: readonly Step[]; treated: number }) {
  if (steps.length === 0) return <p className="quiet">Nothing has happened yet.</p>
  const most = Math.max(treated, ...steps.map(({ customers }) => customers))
  return (
    <table className="funnel">
      <caption>Funnel</caption>
      <tbody>
        {steps.map(({ type, channel, customers }) => (
          <tr key={`${type} ${channel}`}>
            <th scope="row">
              {inWords(type)}
              {channel && <span className="quiet"> {inWords(channel)}</span>}
            </th>
            <td className="amount">{asCount(customers)}</td>
            <td className="share">
              <svg height="12" width="100%" aria-hidden="true">
                <rect height="12" width={`${(100 * customers) / most}%`} />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
