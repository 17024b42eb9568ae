// The file itself, past the store: to hold its lock, or to break a row.

import { createRequire } from 'node:module'
import { join } from 'node:path'

interface Database {
  readonly exec: (sql: string) => void
  readonly close: () => void
}

const storePackage = join(import.meta.dirname, '../../store-sqlite/package.json')
const Sqlite: new (file: string) => Database = createRequire(storePackage)('better-sqlite3')

export const openFile = (file: string): Database => new Sqlite(file)
