import path from 'node:path'
import type { Graph } from '../src/graph/query.ts'
import { type LoadOptions, type LoadReport, loadJourney } from '../src/ingest/load.ts'
import type { Vault } from '../src/pii/vault.ts'
import { PROJECT_ROOT } from '../src/root.ts'

export const SAMPLE = path.join(PROJECT_ROOT, 'seeds/complete-journey-sample')

/** The sample of seeds/README.md, with the contact details, language, time zone and consent that the data lacks made up by a fixed rule. */
export const loadSample = (
  graph: Graph,
  vault: Vault,
  onProgress?: LoadOptions['onProgress'],
  options: Pick<LoadOptions, 'until' | 'signal'> = {},
): Promise<LoadReport> => loadJourney(graph, { ...options, dataDir: SAMPLE, syntheticContacts: vault, onProgress })
