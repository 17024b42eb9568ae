// The store in memory as the tests of the testkit open it: its digests tell nothing of a command.

import { createHash } from 'node:crypto'
import { memoryStore } from '@selfsame/core'
import type { OpenStore } from '@selfsame/testkit'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export const openMemory: OpenStore = async (clock) => memoryStore({ clock, digest: sha256 })
