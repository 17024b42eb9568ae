// The README's examples are the files of test/readme, which run; its message is one that is thrown.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { given } from '@selfsame/testkit'
import { expect, it } from 'vitest'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const folder = join(import.meta.dirname, 'readme')

/** The fenced blocks of a language. */
const blocksOf = (language: string): ReadonlyArray<string> =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, 'gs'))].map(
    ([, block]) => block ?? '',
  )

it('every example is a file that runs, but for the comment on its first line', () => {
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  const examples = files.map((text) => text.split('\n').slice(1).join('\n').trimEnd())
  expect([...blocksOf('ts')].sort()).toEqual(examples.sort())
})

it('the message of a scenario that fails is the one that is thrown', async () => {
  const failing = given({ type: 'UserCreated', payload: { userId: 'ann' } })
    .when({ type: 'SaveUser', target: { userId: 'ann' }, user: { firstName: 'Ann' } })
    .then({ type: 'UserAttributesChanged', payload: { values: { firstName: 'Anna' } } })
  const message = await failing.then(
    () => 'it passes',
    (error: Error) => error.message,
  )
  expect(blocksOf('text')).toEqual([message])
})
