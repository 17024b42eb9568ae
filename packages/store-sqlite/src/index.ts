// @selfsame/store-sqlite: the embedded store, an engine over it, and the ports that Node provides.

export type { BackupReport } from './backup.js'
export type { CheckReport, Finding } from './check.js'
export type { Durability } from './connection.js'
export type { SqliteEngineOptions } from './engine.js'
export { openSqliteEngine } from './engine.js'
export { addMasterKey, createMasterKeyFile, masterKeyFile } from './master-key-file.js'
export { randomIds, systemClock } from './node.js'
export type { SqliteOptions } from './open.js'
export { openSqliteStore } from './open.js'
export type { Operations } from './operate.js'
export type { EventProof, Proofs } from './prove.js'
export type { RestoreOptions, RestoreReport } from './restore.js'
export { restore } from './restore.js'
export type { RotationReport } from './rotate.js'
export {
  createSigningKeyFile,
  nodeChecks,
  publicKeyPem,
  signingKeyFile,
} from './signing-key-file.js'
export type { SqliteStore } from './sqlite-store.js'
export type { Stats } from './stats.js'
export type { VerifyFinding, VerifyOptions, VerifyReport } from './verify-report.js'
