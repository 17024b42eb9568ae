// @selfsame/store-sqlite: the embedded store, an engine over it, and the ports that Node provides.

export type { Durability } from './connection.js'
export type { SqliteEngineOptions } from './engine.js'
export { openSqliteEngine } from './engine.js'
export { addMasterKey, createMasterKeyFile, masterKeyFile } from './master-key-file.js'
export { randomIds, systemClock } from './node.js'
export type { SqliteOptions } from './open.js'
export { openSqliteStore } from './open.js'
