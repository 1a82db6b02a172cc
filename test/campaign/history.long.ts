import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadJourney } from '../../src/ingest/load.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'

const DATA = path.join(PROJECT_ROOT, '..', 'shared', 'data', 'complete-journey')
const there = existsSync(DATA)
const PERFORMANCE = `query ($id: ID!) { campaignPerformance(campaignId: $id) {
  treated holdout revenue note uplift { difference } funnel { type customers } } }`

describe.skipIf(!there)(
  there ? 'The campaigns of the whole Complete Journey' : 'The whole history (its data is absent)',
  () => {
    const app = createTestApp()

    it('are completed, and each shows what it did, without an uplift', { timeout: 900_000 }, async () => {
      await loadJourney(app.graph, { dataDir: DATA })
      const campaigns = await cypher<{ id: string; status: string }>(
        app.driver,
        'MATCH (k:Campaign) RETURN k.id AS id, k.status AS status',
      )
      expect(campaigns).toHaveLength(27)
      let sent = 0
      for (const { id, status } of campaigns) {
        const { campaignPerformance: shown } = await app.data(PERFORMANCE, { role: 'ANALYST', variables: { id } })
        expect([status, shown.uplift, shown.note, shown.holdout]).toEqual(['COMPLETED', null, 'no holdout', 0])
        sent += shown.treated
      }
      expect(sent).toBe(6_589)
      const [redeemed] = await cypher(app.driver, "MATCH (i:Interaction {type: 'REDEEMED'}) RETURN count(i) AS times")
      expect(redeemed).toEqual({ times: 2_102 })
    })
  },
)
