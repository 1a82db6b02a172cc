import type { Config } from '../config.ts'
import type { Graph } from '../graph/query.ts'
import { post } from '../modules/campaign/webhook.ts'
import { createDeliveryService } from '../modules/decision/delivery.service.ts'
import type { HandoverService } from '../modules/decision/handover.service.ts'
import type { ProposalService } from '../modules/recommendation/proposal.service.ts'
import type { Logger } from '../observability/logger.ts'
import { webhookSecret } from '../secrets.ts'
import { startTurns } from './turns.ts'

type Parts = { graph: Graph; handover: HandoverService; proposals: ProposalService }

/** Every instance delivers: who has what is settled decision by decision. Answers how to stop. */
export function startDelivery(
  parts: Parts,
  config: Config,
  log: Logger,
  onError: (error: unknown) => void,
): () => Promise<void> {
  const secret = webhookSecret(config)
  // In production without a secret no campaign has a webhook.
  if (secret === null) return async () => {}
  const rules = { secret, privateHosts: config.webhookPrivateHosts }
  const delivery = createDeliveryService({
    ...parts,
    post: (message) => post(message, rules),
    onDead: (dead) => log.warn({ dead }, 'a webhook would not take decisions for a day: npm run replay -- --webhooks'),
  })
  const stop = startTurns({ work: delivery.run, onError })
  return () => {
    delivery.stop()
    return stop()
  }
}
