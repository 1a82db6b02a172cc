import {
  CampaignPerformanceChangedDocument,
  type CampaignPerformanceChangedSubscription,
} from '../generated/operations.ts'
import { Activity } from './Activity.tsx'
import { Funnel } from './Funnel.tsx'
import { asAmount, asCount, asDay } from './format.ts'
import { type Stream, useStream } from './hooks.ts'
import type { Pulse } from './Pulse.tsx'
import { Section } from './Section.tsx'
import { Uplift } from './Uplift.tsx'

type Performance = CampaignPerformanceChangedSubscription['campaignPerformanceChanged']
type Running = Pulse['running'][number]

/** Each has two subscriptions, and a socket may have fifty. */
const SHOWN = 8

export function Campaigns({ stream }: { stream: Stream<Pulse | null> }) {
  return (
    <Section
      title="Running campaigns"
      wide
      stream={stream}
      empty="None runs. One that is launched shows up here by itself."
      isEmpty={(pulse) => !pulse || pulse.running.length === 0}
    >
      {(pulse) => (
        <div className="columns">
          {pulse?.running.slice(0, SHOWN).map((campaign) => (
            <Campaign key={campaign.id} campaign={campaign} />
          ))}
        </div>
      )}
    </Section>
  )
}

const newest = (last: Performance | null, arrived: readonly CampaignPerformanceChangedSubscription[]) =>
  arrived.at(-1)?.campaignPerformanceChanged ?? last

function Campaign({ campaign: { id, name, startsAt, endsAt } }: { campaign: Running }) {
  const { value, ...stream } = useStream(CampaignPerformanceChangedDocument, { campaignId: id }, newest, null)
  return (
    <article className="part" aria-label={name}>
      <h3>{name}</h3>
      <p className="quiet">
        {asDay(startsAt)} to {asDay(endsAt)}
      </p>
      {stream.state === 'failed' && <p className="problem">{stream.problem.message}</p>}
      {!value && stream.state === 'loading' && <p className="quiet">Waiting for the service…</p>}
      {value && (
        <>
          <dl className="tiles">
            <div>
              <dt>Treated</dt>
              <dd>{asCount(value.treated)}</dd>
            </div>
            <div>
              <dt>Holdout</dt>
              <dd>{asCount(value.holdout)}</dd>
            </div>
            <div>
              <dt>Revenue</dt>
              <dd>{asAmount(value.revenue)}</dd>
            </div>
          </dl>
          <Funnel steps={value.funnel} treated={value.treated} />
          <Uplift uplift={value.uplift} note={value.note} />
        </>
      )}
      <Activity campaignId={id} />
    </article>
  )
}
