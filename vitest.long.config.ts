import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** What takes too long for every change: `npm run test:long`. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/**/*.long.ts'], testTimeout: 3_600_000, hookTimeout: 900_000 },
})
