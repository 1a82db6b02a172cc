import type { PulseSubscription } from '../generated/operations.ts'
import { asCount, asDuration, asNumber } from './format.ts'
import type { Stream } from './hooks.ts'
import { Section } from './Section.tsx'

export type Pulse = PulseSubscription['pulse']

/** The newest alone counts. */
export const newest = (last: Pulse | null, arrived: readonly PulseSubscription[]): Pulse | null =>
  arrived.at(-1)?.pulse ?? last

export function PulseTiles({ stream }: { stream: Stream<Pulse | null> }) {
  return (
    <Section title="Pulse" wide stream={stream} empty="" isEmpty={(pulse) => pulse === null}>
      {(pulse) => pulse && <Tiles pulse={pulse} />}
    </Section>
  )
}

function Tiles({ pulse: { ordersPerSecond, ingestLagSeconds, capped, suppressed, activeModel } }: { pulse: Pulse }) {
  const tiles: [string, string][] = [
    ['Orders a second', asNumber(ordersPerSecond)],
    ['Ingest lag', asDuration(ingestLagSeconds)],
    ['Customers capped', asCount(capped)],
    ['Suppressed', asCount(suppressed)],
    ['Active model', activeModel?.id ?? 'none yet'],
  ]
  return (
    <dl className="tiles">
      {tiles.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

export function Rising({ stream }: { stream: Stream<Pulse | null> }) {
  return (
    <Section
      title="Rising affinities"
      stream={stream}
      empty="No pair of products gained orders in the last seven days."
      isEmpty={(pulse) => !pulse || pulse.rising.length === 0}
    >
      {(pulse) => (
        <ol className="feed rising">
          {pulse?.rising.map(({ of, product, orders, lift }) => (
            <li key={`${of.id} ${product.id}`}>
              <span>
                {of.name} with {product.name}
              </span>
              <span className="quiet">{asCount(orders)} orders</span>
              <span className="amount">lift {asNumber(lift)}</span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}
