// A simulated disk: texts in tables, written by transactions. What was not committed when its process
// dies is gone, and what a dead process still writes goes nowhere.

/** One write of a transaction; null takes the text away. */
export interface Write {
  readonly table: string
  readonly key: string
  readonly text: string | null
  /** Whether it takes the place of a text that was there. */
  readonly isRewrite: boolean
}

/**
 * When a write outlives a crash: a disk that keeps its promise says `with its commit`, always. Another
 * answer makes a disk that lies, as write caches do, for tests of whatever should notice.
 *
 * @since 0.1.0
 * @category Simulation
 */
export type Survives = (write: Write) => 'with its commit' | 'with the next commit' | 'never'

/** What can be read of a disk. */
export interface DiskReader {
  readonly read: (table: string, key: string) => string | undefined
  /** The keys of a table, in order. */
  readonly keys: (table: string) => ReadonlyArray<string>
}

/** Writes that become visible and durable at once, or never. */
export interface DiskTransaction extends DiskReader {
  readonly write: (table: string, key: string, text: string | null) => void
  /** How many writes there are, to go back to. */
  readonly mark: () => number
  /** Takes back all writes after a mark. */
  readonly backTo: (mark: number) => void
  readonly commit: () => void
}

/** A disk as one process has it open. */
export interface OpenDisk extends DiskReader {
  readonly begin: () => DiskTransaction
}

/** A disk: it outlives the processes that open it. */
export interface SimulatedDisk {
  readonly open: () => OpenDisk
  readonly crash: () => void
  /** All that is on it. */
  readonly texts: () => ReadonlyArray<string>
}

type Tables = Map<string, Map<string, string>>

const put = (tables: Tables, { table, key, text }: Pick<Write, 'table' | 'key' | 'text'>): void => {
  const rows = tables.get(table) ?? new Map<string, string>()
  tables.set(table, rows)
  if (text === null) rows.delete(key)
  else rows.set(key, text)
}

const copyOf = (tables: Tables): Tables =>
  new Map([...tables].map(([table, rows]) => [table, new Map(rows)]))

/** An empty disk. */
export const newDisk = (survives: Survives = () => 'with its commit'): SimulatedDisk => {
  const durable: Tables = new Map()
  let seen: Tables = new Map()
  let late: ReadonlyArray<Write> = []
  let life = 0

  const commit = (writes: ReadonlyArray<Write>): void => {
    for (const write of late) put(durable, write)
    late = writes.filter((write) => survives(write) === 'with the next commit')
    for (const write of writes) {
      put(seen, write)
      if (survives(write) === 'with its commit') put(durable, write)
    }
  }

  const begin = (mine: number): DiskTransaction => {
    let writes: Write[] = []
    let own: Tables = new Map()
    let written = new Set<string>()
    const read: DiskReader['read'] = (table, key) =>
      (written.has(`${table} ${key}`) ? own : seen).get(table)?.get(key)
    const write: DiskTransaction['write'] = (table, key, text) => {
      const one = { table, key, text, isRewrite: read(table, key) !== undefined }
      written.add(`${table} ${key}`)
      put(own, one)
      writes.push(one)
    }
    return {
      read,
      keys: (table) =>
        [...new Set([...(seen.get(table)?.keys() ?? []), ...(own.get(table)?.keys() ?? [])])]
          .filter((key) => read(table, key) !== undefined)
          .sort(),
      write,
      mark: () => writes.length,
      backTo: (mark) => {
        const kept = writes.slice(0, mark)
        writes = []
        own = new Map()
        written = new Set()
        for (const { table, key, text } of kept) write(table, key, text)
      },
      commit: () => {
        if (mine === life) commit(writes)
      },
    }
  }

  return {
    open: () => {
      life += 1
      const mine = life
      return {
        read: (table, key) => seen.get(table)?.get(key),
        keys: (table) => [...(seen.get(table)?.keys() ?? [])].sort(),
        begin: () => begin(mine),
      }
    },
    crash: () => {
      life += 1
      late = []
      seen = copyOf(durable)
    },
    texts: () => [...durable.values()].flatMap((rows) => [...rows.values()]),
  }
}
