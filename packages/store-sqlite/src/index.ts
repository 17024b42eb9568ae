// @selfsame/store-sqlite: the embedded store, and the ports that Node provides beside it.

export { randomIds, systemClock } from './node.js'
export type { SqliteOptions } from './open.js'
export { openSqliteStore } from './open.js'
