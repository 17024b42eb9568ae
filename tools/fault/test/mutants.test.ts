// A promise can only be broken on purpose where its text still stands in the sources.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { mutants, oneMoreSchema } from '../src/mutants.js'

const root = resolve(import.meta.dirname, '../../..')

it.each([...mutants, oneMoreSchema])(
  'the text of "$name" stands once in $file',
  ({ file, from }) => {
    expect(readFileSync(resolve(root, file), 'utf8').split(from)).toHaveLength(2)
  },
)
