// The same scenarios under Node's own test runner, as the process that a team would start.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const file = fileURLToPath(new URL('./plain-node.ts', import.meta.url))

test('node --test runs scenarios, and shows the one that fails', { timeout: 60_000 }, async () => {
  const args = [
    '--conditions=development',
    '--import',
    'tsx',
    '--test',
    '--test-reporter=tap',
    file,
  ]
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
  const ended = await promisify(execFile)(process.execPath, args, { env }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { readonly code: number; readonly stdout: string }) => error,
  )
  expect(ended.stdout).toContain('# pass 2')
  expect(ended.stdout).toContain('# fail 1')
  expect(ended.code).toBe(1)
  expect(ended.stdout).toContain('event 1, IdentityLinked, has kind "email", not "phone"')
  expect(ended.stdout).toContain("code: 'ERR_ASSERTION'")
})
