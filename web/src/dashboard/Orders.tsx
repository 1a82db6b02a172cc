import { OrderRecordedDocument, type OrderRecordedSubscription } from '../generated/operations.ts'
import { asAmount, asInstant } from './format.ts'
import { useStream } from './hooks.ts'
import { Section } from './Section.tsx'

type Recorded = OrderRecordedSubscription['orderRecorded']
interface Seen {
  count: number
  latest: readonly Recorded[]
}
const NONE: Seen = { count: 0, latest: [] }
const SHOWN = 14

/** The newest on top. An order that was recorded again, as a return is, moves up. */
function keep({ count, latest }: Seen, arrived: readonly OrderRecordedSubscription[]): Seen {
  const newest = new Map([...latest].reverse().map((order) => [order.id, order]))
  for (const { orderRecorded } of arrived) {
    newest.delete(orderRecorded.id)
    newest.set(orderRecorded.id, orderRecorded)
  }
  return { count: count + arrived.length, latest: [...newest.values()].reverse().slice(0, SHOWN) }
}

export function Orders() {
  const stream = useStream(OrderRecordedDocument, {}, keep, NONE)
  // Nothing is told until something happens.
  const waiting = stream.state === 'loading' ? ({ ...stream, state: 'live' } as const) : stream
  return (
    <Section
      title="Orders"
      stream={waiting}
      empty="None since this page was opened. Each shows up here as it is recorded."
      isEmpty={({ count }) => count === 0}
    >
      {({ count, latest }) => (
        <>
          <p className="quiet">
            <data value={count}>{count}</data> since this page was opened
          </p>
          <ol className="feed" aria-label="Latest orders">
            {latest.map(({ id, placedAt, value }) => (
              <li key={id}>
                <time dateTime={placedAt}>{asInstant(placedAt)}</time>
                <span>order {id}</span>
                <span className="amount">{asAmount(value)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </Section>
  )
}
