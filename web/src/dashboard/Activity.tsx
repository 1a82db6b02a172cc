import { CampaignActivityDocument, type CampaignActivitySubscription } from '../generated/operations.ts'
import { asCount, asInstant, inWords } from './format.ts'
import { useStream } from './hooks.ts'

type Told = CampaignActivitySubscription['campaignActivity']
interface Seen {
  dropped: number
  latest: readonly Told[]
}
const NONE: Seen = { dropped: 0, latest: [] }
const SHOWN = 6

const keep = ({ dropped, latest }: Seen, arrived: readonly CampaignActivitySubscription[]): Seen => {
  const told = arrived.map(({ campaignActivity }) => campaignActivity)
  return {
    dropped: told.reduce((sum, one) => sum + one.dropped, dropped),
    latest: [...told.reverse(), ...latest].slice(0, SHOWN),
  }
}

/** What happens in a campaign, the newest on top. */
export function Activity({ campaignId }: { campaignId: string }) {
  const { value } = useStream(CampaignActivityDocument, { campaignId }, keep, NONE)
  if (value.latest.length === 0) return null
  return (
    <>
      <ol className="feed" aria-label="Activity">
        {value.latest.map(({ cursor, interaction }) => (
          <li key={cursor}>
            {interaction ? (
              <>
                <time dateTime={interaction.at}>{asInstant(interaction.at)}</time>
                <span>{inWords(interaction.type)}</span>
                <span className="amount">{interaction.channel && inWords(interaction.channel)}</span>
              </>
            ) : (
              <span className="quiet">erased since</span>
            )}
          </li>
        ))}
      </ol>
      {value.dropped > 0 && (
        <p className="quiet">{asCount(value.dropped)} more came faster than this page took them.</p>
      )}
    </>
  )
}
