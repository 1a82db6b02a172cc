import { Direction, EvidenceKind } from '../../generated/enums.ts'
import type { Row } from '../../graph/query.ts'
import { withShares } from '../recommendation/evidence.ts'
import type { Evidence, PathStep } from '../recommendation/recommendation.type.ts'
import { contributions, type History, type ResponseModel, type Term } from './response.ts'
import type { Texts } from './texts.ts'

type Paths = Omit<Row<'audience/paths'>, 'customerId'>
type Named = { id: string; name: string }

const NO_PATHS: Paths = { withCoupon: null, promoted: null, promotedWithCoupon: null, redeemed: null }

/** What adds to a score and what takes, strongest first; only this customer's own purchases and responses are named. */
export function toEvidence(
  model: ResponseModel,
  history: History,
  paths: Paths | null,
  campaign: Named,
  say: Texts,
): Evidence[] {
  const start = {
    label: 'Customer',
    id: history.customerId,
    name: say.thisCustomer,
    relationship: null,
    direction: null,
  }
  const told = contributions(model, history).filter(({ contribution }) => contribution !== 0)
  return withShares(
    told.map(({ term, contribution }) => ({
      kind: EvidenceKind.CAMPAIGN,
      contribution,
      share: 0,
      reason: say.reasons[term](history),
      path: [start, ...STEPS[term](paths ?? NO_PATHS, campaign, history, say)],
      support: null,
    })),
  )
}

const step = (
  label: string,
  { id, name }: Named,
  relationship: string,
  direction: Direction = Direction.OUT,
): PathStep => ({
  label,
  id,
  name,
  relationship,
  direction,
})
const bought = (product: Named | null | undefined) => (product ? [step('Product', product, 'BOUGHT')] : [])

/** From the customer on. */
const STEPS: Record<Term, (paths: Paths, campaign: Named, history: History, say: Texts) => PathStep[]> = {
  couponLines: ({ withCoupon }) => bought(withCoupon),
  couponShare: (_paths, _campaign, { couponOrdersCount, ordersCount }, say) => [
    {
      label: 'Order',
      id: null,
      name: say.orders(couponOrdersCount, ordersCount),
      relationship: 'PLACED',
      direction: Direction.OUT,
    },
  ],
  redemptions: ({ redeemed }) => (redeemed ? [step('Campaign', redeemed, 'RESPONDED')] : []),
  promoted: ({ promoted }, campaign) => [...bought(promoted), step('Campaign', campaign, 'PROMOTES', Direction.IN)],
  promotedWithCoupon: ({ promotedWithCoupon: product }, campaign) =>
    product?.couponId
      ? [
          ...bought(product),
          step('Coupon', { id: product.couponId, name: product.couponId }, 'FOR', Direction.IN),
          step('Campaign', campaign, 'OFFERS', Direction.IN),
        ]
      : [...bought(product), step('Campaign', campaign, 'PROMOTES', Direction.IN)],
}
