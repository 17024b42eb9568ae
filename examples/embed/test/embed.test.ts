// The program that the README shows is this one, and it prints what the README says.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const program = join(root, 'examples/embed/embed.ts')
const run = promisify(execFile)

it('a backend embeds the engine in one file and asks who somebody is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'selfsame-embed-'))
  const tsx = join(root, 'node_modules/.bin/tsx')
  const { stdout } = await run(tsx, [
    '--conditions=development',
    program,
    join(folder, 'people.db'),
  ])
  await rm(folder, { recursive: true })
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  expect(stdout).toMatch(/^IdentityLinked, IdentityLinked, ProfilePromoted, AttributeDefined, /)
  expect(readme).toContain(stdout.trim())
})

it('the README shows the program as it is', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const source = await readFile(program, 'utf8')
  const code = source.slice(source.indexOf('import'))
  expect(readme).toContain(code)
})
