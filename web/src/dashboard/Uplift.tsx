import { scaleLinear } from '@visx/scale'
import type { CampaignPerformanceChangedSubscription } from '../generated/operations.ts'
import { asCount, asPoints } from './format.ts'

type Measured = NonNullable<CampaignPerformanceChangedSubscription['campaignPerformanceChanged']['uplift']>

const WIDTH = 280
const HEIGHT = 26
const MARGIN = 8

/** The difference between treated and holdout with its interval, and where no difference would be. */
export function Uplift({ uplift, note }: { uplift: Measured | null; note: string | null }) {
  if (!uplift) return <p className="quiet">Uplift: {note ?? 'not measured'}</p>
  const { difference, low, high, level, preliminary, neededPerArm } = uplift
  const x = scaleLinear({ domain: [Math.min(0, low), Math.max(0, high)], range: [MARGIN, WIDTH - MARGIN] })
  const says = `Uplift ${asPoints(difference)}, ${asPoints(low)} to ${asPoints(high)} (${level * 100} %)`
  return (
    <figure className="uplift">
      <figcaption>
        {says}
        {preliminary && <span className="quiet">, preliminary</span>}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={says}>
        <line className="zero" x1={x(0)} x2={x(0)} y1={0} y2={HEIGHT} />
        <line className="interval" x1={x(low)} x2={x(high)} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        <circle cx={x(difference)} cy={HEIGHT / 2} r={5} />
      </svg>
      {note && <p className="quiet">{note}</p>}
      {neededPerArm !== null && (
        <p className="quiet">{asCount(neededPerArm)} customers an arm would tell it from none.</p>
      )}
    </figure>
  )
}
