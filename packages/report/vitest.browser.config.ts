// The tests that need a browser, apart from all others: `pnpm test:browser`.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['development'] },
  ssr: { resolve: { conditions: ['development', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['test-browser/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
