import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createDriver } from '../../src/graph/driver.ts'
import { backends } from './graph.ts'

/**
 * What the machine itself kept things waiting: in each test, the longest that a trivial statement from this process took,
 * in ms. A stated limit holds to within it, for two cores that also run another file's Neo4j stall now and then.
 */
export function watchStalls(): () => number {
  let worst = 0
  let watching: Promise<void> | undefined
  let stopped = false
  beforeAll(() => {
    const driver = createDriver(backends().neo4j)
    watching = (async () => {
      while (!stopped) {
        const started = performance.now()
        await driver.executeQuery('RETURN 1')
        await new Promise((resolve) => setTimeout(resolve, 20))
        worst = Math.max(worst, performance.now() - started - 20)
      }
    })().finally(() => driver.close())
  })
  beforeEach(() => {
    worst = 0
  })
  afterAll(async () => {
    stopped = true
    await watching
  })
  return () => worst
}
