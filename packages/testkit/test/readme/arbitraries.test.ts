// The README's example of arbitraries: what our endpoint takes is what the engine takes.
import { patchesOf, valuesOf } from '@selfsame/testkit'
import fc from 'fast-check'
import { test } from 'vitest'

/** An endpoint's own idea of a birthday, which must not be narrower than the engine's. */
const isBirthday = (text: unknown): boolean => /^\d{4}-\d\d-\d\d$/.test(String(text))

test('our endpoint takes every birthday that the engine takes', () =>
  fc.assert(fc.property(valuesOf.birthday.valid, isBirthday), { seed: 1 }))

test('our endpoint sends every patch unchanged', () =>
  fc.assert(
    fc.property(patchesOf.user.valid, (patch) => {
      const sent = JSON.stringify(patch)
      return JSON.stringify(JSON.parse(sent)) === sent
    }),
    { seed: 1 },
  ))
