// What a store has acknowledged, and the checks that hold a log against it.

import type { Acknowledged, Line } from './calls.js'

export interface Entry extends Acknowledged {
  readonly commandId: string
}

export interface Journal {
  /** Notes an answer; a second one to the same command id must be the same receipt. */
  readonly note: (commandId: string, receipt: Acknowledged, mayDiffer: boolean) => string | null
  readonly has: (commandId: string) => boolean
  readonly entries: () => ReadonlyArray<Entry>
}

export const openJournal = (): Journal => {
  const entries = new Map<string, Entry>()
  return {
    note: (commandId, receipt, mayDiffer) => {
      const first = entries.get(commandId)
      entries.set(commandId, first ?? { commandId, ...receipt })
      if (first === undefined) return null
      // Where somebody was erased in between, the receipt reads `erased`: its place stays the same.
      const isSame =
        first.position === receipt.position &&
        first.events.join() === receipt.events.join() &&
        (mayDiffer || first.digest === receipt.digest)
      return isSame ? null : 'a retried command id gives the same receipt'
    },
    has: (commandId) => entries.has(commandId),
    entries: () => [...entries.values()],
  }
}

/** The promise that durability `normal` does not make. */
export const acknowledgedPromise = 'every acknowledged command is there'

/**
 * What of a log is not as it was acknowledged; nothing where all is well. An embedder's own events
 * stand at the positions of `others`, and are not among the lines.
 */
export const faultsOf = (
  lines: ReadonlyArray<Line>,
  acknowledged: ReadonlyArray<Entry>,
  others: ReadonlyArray<number> = [],
): ReadonlyArray<{ readonly promise: string; readonly evidence: unknown }> => {
  const faults: { promise: string; evidence: unknown }[] = []
  const positions = [...lines.map(([position]) => position), ...others].sort((a, b) => a - b)
  const gap = positions.findIndex((position, i) => position !== i + 1)
  if (gap >= 0)
    faults.push({
      promise: 'positions are 1, 2, 3 ... without gaps',
      evidence: { at: gap + 1, found: positions[gap] },
    })
  const byCommand = new Map<string, string[]>()
  for (const [, id, , commandId] of lines) {
    if (commandId === null) continue
    const ids = byCommand.get(commandId) ?? []
    ids.push(id)
    byCommand.set(commandId, ids)
  }
  for (const entry of acknowledged) {
    if (entry.events.length === 0) continue
    const ids = byCommand.get(entry.commandId) ?? []
    if (ids.join() === entry.events.join()) continue
    faults.push({
      promise:
        ids.length === 0
          ? acknowledgedPromise
          : 'a command has the events of its receipt and no others',
      evidence: { acknowledged: entry, found: ids },
    })
  }
  return faults
}
