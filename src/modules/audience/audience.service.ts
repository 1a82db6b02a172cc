import { badInput } from '../../errors.ts'
import type { Language } from '../../generated/enums.ts'
import { checkId, checkRange } from '../../input.ts'
import type { Audience } from './audience.type.ts'
import { createByCampaign } from './by-campaign.ts'
import { createByProduct } from './by-product.ts'

const MOST = 10_000

export type AudienceService = ReturnType<typeof createAudienceService>

export function createAudienceService(
  parts: Parameters<typeof createByCampaign>[0] & Parameters<typeof createByProduct>[0],
) {
  const byCampaign = createByCampaign(parts)
  const byProduct = createByProduct(parts)

  return {
    /** @throws BAD_USER_INPUT that names the field; NOT_FOUND for an unknown product or campaign. */
    async audience(
      asked: { productId?: string | null; campaignId?: string | null; first: number; language: Language },
      signal: AbortSignal,
    ): Promise<Audience> {
      const { productId, campaignId, first, language } = asked
      checkRange('first', first, 1, MOST)
      if (productId != null && campaignId != null)
        throw badInput('campaignId', 'campaignId must not be given with productId: exactly one of the two.')
      if (productId != null) {
        checkId('productId', productId)
        return byProduct({ productId, first, language }, signal)
      }
      if (campaignId == null)
        throw badInput('productId', 'productId or campaignId must be given: exactly one of the two.')
      checkId('campaignId', campaignId)
      return byCampaign({ campaignId, first, language }, signal)
    },
  }
}
