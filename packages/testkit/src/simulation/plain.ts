// Values as one text, to be compared.

import { canonicalJson, type Json } from '@selfsame/core'

/** A value as plain JSON. */
export const jsonOf = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null))

/** A value as one text: equal values are equal texts. */
export const textOf = (value: unknown): string => canonicalJson(jsonOf(value))
