// What every change is tried with: the properties of the testkit on the store in memory, no test of
// core's own among them. Bundled with the changed sources into one program.

import { createHash } from 'node:crypto'
import { memoryStore } from '@selfsame/core'
import {
  lawProperties,
  limitProperty,
  modelProperty,
  type OpenStore,
  type StoreProperty,
  storeProperties,
} from '@selfsame/testkit'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const open: OpenStore = async (clock) => memoryStore({ clock, digest: sha256 })

export const properties: ReadonlyArray<StoreProperty> = [
  modelProperty({ open }),
  ...storeProperties({ open }),
  ...lawProperties({ open }),
  limitProperty({ open }),
]
