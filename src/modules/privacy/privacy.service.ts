import { notFound } from '../../errors.ts'
import type { Graph } from '../../graph/query.ts'
import { checkId } from '../../input.ts'
import type { SuppressionService } from '../consent/suppression.service.ts'
import type { CustomerService } from '../customer/customer.service.ts'
import type { ProposalService } from '../recommendation/proposal.service.ts'
import { exported } from './export.ts'

export type PrivacyService = ReturnType<typeof createPrivacyService>
type Parts = {
  graph: Graph
  customer: Pick<CustomerService, 'contacts'>
  suppression: Pick<SuppressionService, 'list'>
  proposals: Pick<ProposalService, 'offersOf'>
}

const EVIDENCE = 50
const SUPPRESSIONS = 100

export function createPrivacyService({ graph, customer, suppression, proposals }: Parts) {
  return {
    /** All that is held of a customer, each piece with its source; nothing of anybody else. @throws NOT_FOUND. */
    async export(customerId: string, signal: AbortSignal): Promise<object> {
      checkId('customerId', customerId)
      const id = { customerId }
      const [found, orders, views, interactions, consents, decisions] = await graph.read(
        (tx) =>
          Promise.all([
            tx.query('privacy/customer', id),
            tx.query('privacy/orders', id),
            tx.query('privacy/views', id),
            tx.query('privacy/interactions', id),
            tx.query('privacy/consents', id),
            tx.query('privacy/decisions', id),
          ]),
        { signal },
      )
      if (!found) throw notFound('Customer', customerId)
      const [[contacts], suppressions] = await Promise.all([
        customer.contacts([customerId], signal),
        suppression.list(id, SUPPRESSIONS, signal),
      ])
      const all = {
        customer: found,
        contacts: contacts!,
        orders,
        views,
        interactions,
        consents,
        suppressions,
        decisions,
      }
      return exported(customerId, all, (packed) => proposals.offersOf(packed, 'EN', EVIDENCE))
    },
  }
}
