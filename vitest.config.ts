// One test run for the whole workspace, from the sources: no build comes before it.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['development'] },
  ssr: { resolve: { conditions: ['development', 'node', 'import', 'module', 'default'] } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'examples/**/*.test.ts',
      'benchmarks/test/**/*.test.ts',
      'tools/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
    reporters: [
      'default',
      ['json', { outputFile: process.env.SELFSAME_TEST_REPORT ?? '.reports/vitest.json' }],
    ],
  },
})
