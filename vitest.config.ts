import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

const require = createRequire(import.meta.url)

export default defineConfig({
  resolve: {
    // One copy of graphql for everyone: CommonJS packages bring the other form otherwise.
    alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/services.ts'],
    // Two cores, and a Neo4j for each worker.
    maxWorkers: 2,
    pool: 'forks',
    // Generous: a slow machine is no failure, and speed is the bench's business.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    server: { deps: { inline: [/@neo4j\/graphql/] } },
  },
})
