// @selfsame/core: the functional core of Selfsame. What an embedder, a store and a test need, and
// nothing else; every name here is public and keeps its meaning.

export type {
  DirectoryAsOf,
  InstallationAsOf,
  OwnerAsOf,
  UserAsOf,
} from './audit/as-of.js'
export type { Auditor } from './audit/auditor.js'
export { auditOf } from './audit/auditor.js'
export type { Checkpoint } from './audit/checkpoint.js'
export { openCheckpoint, signCheckpoint } from './audit/checkpoint.js'
export type {
  FieldChange,
  IdentityChange,
  InstallationChange,
  UserChange,
  UserStatus,
} from './audit/compare.js'
export type { Decision as FieldDecision, Side as DecisionSide } from './audit/decisions.js'
export type { Diff } from './audit/diff.js'
export type { ErasureCertificate, ErasureReach } from './audit/erasure-certificate.js'
export { erasureCertificate, erasureReach } from './audit/erasure-certificate.js'
export type {
  Disclose,
  DisclosedBox,
  Disclosure,
  Evidence,
  EvidenceBox,
  EvidenceEvent,
  ProvedEvidence,
} from './audit/evidence.js'
export { evidenceOf } from './audit/evidence.js'
export type { Closed } from './audit/evidence-shown.js'
export type { Explained, Explanation, Link as ChainLink } from './audit/explain.js'
export type {
  ExportedAbsorption,
  ExportedEvent,
  ExportedSource,
  PersonExport,
} from './audit/export.js'
export { exportPerson } from './audit/export.js'
export type {
  Absorption,
  IdentityHistory,
  InstallationHistory,
  UserHistory,
} from './audit/history.js'
export type { Holding } from './audit/holders.js'
export type {
  FieldOfMerge,
  LinkedIdentity,
  MergeExplained,
  MergesExplained,
  TagOfMerge,
} from './audit/merges.js'
export type { Tile, Tree, TreeHashes } from './audit/merkle.js'
export { completeRoot, leafHashOf, nodeHashOf, openTree } from './audit/merkle.js'
export { isConsistent, isIncluded } from './audit/merkle-check.js'
export type { GrowingTree, NumberedTile } from './audit/merkle-growth.js'
export { growTree } from './audit/merkle-growth.js'
export type { Checks } from './audit/note.js'
export { isKeyName, keyLine, openNote, readKeyLine, signNote } from './audit/note.js'
export { base64, fromBase64 } from './audit/note-bytes.js'
export { checkGrowthFile, checkProofFile, growthFile, proofFile } from './audit/proof.js'
export type { Answer as AuditAnswer, At as AuditMoment, AuditedLog } from './audit/question.js'
export type { Broken, VerifiedPage } from './audit/verify.js'
export { verifyPage } from './audit/verify.js'
export type { NotDecidedAgain, OtherChoice, OtherMerge, WhatIf } from './audit/what-if.js'
export type { Context, Decided, Decision, Rules, Subject } from './commands/decision.js'
export type { Command, CommandType } from './commands/index.js'
export { commandTypes } from './commands/index.js'
export type { UserReference } from './commands/reference.js'
export type { Changes, Passed } from './directory/changes.js'
export { changesBetween } from './directory/changes.js'
export type { DefinitionKey, Directory } from './directory/directory.js'
export { definitionKey, emptyDirectory } from './directory/directory.js'
export { keysOf } from './directory/event-keys.js'
export { evolve, fold } from './directory/evolve.js'
export type { ActiveInstallation, Installation, TokenKey } from './directory/installation.js'
export type { Key } from './directory/keys.js'
export { leadsTo } from './directory/keys.js'
export { limits } from './directory/limits.js'
export type { Reason, RefusalCode } from './directory/refusal.js'
export { refusalCodes } from './directory/refusal.js'
export type { Rows } from './directory/rows.js'
export { differencesBetween, rowsOf } from './directory/rows.js'
export type { Lookup } from './directory/slice.js'
export { loadSlice } from './directory/slice.js'
export type { ActiveUser, Cell, MergedUser, User } from './directory/user.js'
export type { InstallationView, UserView } from './directory/view.js'
export { viewInstallation, viewUser } from './directory/view.js'
export type { Engine } from './engine/engine.js'
export { openEngine } from './engine/engine.js'
export type { CustomAttributesInput, InputOf } from './engine/inputs.js'
export type { EngineOptions } from './engine/options.js'
export type { Comparison, Predicate } from './engine/predicate.js'
export type { Plan, Preview } from './engine/preview.js'
export type { Audience, Segment } from './engine/queries.js'
export type { KeptValue, Receipt, Refusal } from './engine/result.js'
export type { Replayed, StoredEvent, Unreadable } from './log/boxes.js'
export { fromStored, replayable, toStored } from './log/boxes.js'
export { catalog } from './log/catalog.js'
export type { Envelope, Provenance, Recorded } from './log/envelope.js'
export type { DomainEvent, EventOf, EventType, UserType } from './log/event.js'
export type { Seed } from './log/ids.js'
export { nthId } from './log/ids.js'
export type { Commitment } from './log/leaf.js'
export { committedContent, leafOf, leafOver, leafPayloadBytesMax } from './log/leaf.js'
export type { AppendCondition, OwnEvent, OwnFact, OwnType } from './log/own-event.js'
export { isOwnType, ownToStored } from './log/own-event.js'
export type { Box, Personal } from './log/personal.js'
export type { Query, QueryItem } from './log/query.js'
export { matches } from './log/query.js'
export type { Tag } from './log/tags.js'
export { installationTag, isPersonalTag, tagsOf, userTag } from './log/tags.js'
export type { Parts, Upcaster } from './log/upcast.js'
export { upcasters } from './log/upcast.js'
export type { Journal, JournalLine } from './memory/journal.js'
export { journaledStore, memoryStore } from './memory/memory-store.js'
export type { Candidate, MergePolicy } from './merge/policy.js'
export { latestWins, survivorFirst } from './merge/policy.js'
export type { Clock } from './ports/clock.js'
export type { Failure } from './ports/failure.js'
export { bugFailure, closedFailure, failure } from './ports/failure.js'
export type { Sha256 } from './ports/hash.js'
export type { IdSource } from './ports/id-source.js'
export type { KeyRing, MasterKey } from './ports/key-ring.js'
export type { Appended, Conflict, Log, LogEvent, LogPage } from './ports/log.js'
export type { CheckSignature, NoteKey, Signer } from './ports/signer.js'
export type {
  Accept,
  Difference,
  Moment,
  Outcome,
  Page,
  Progress,
  Range,
  RebuildReport,
  Remembered,
  Snapshot,
  Store,
  UserPage,
  WorkItem,
} from './ports/store.js'
export type { Writes } from './ports/work.js'
export {
  decideItem,
  momentAfter,
  openEvents,
  openLogEvents,
  ownEvents,
  userPage,
} from './ports/work.js'
export type { SchemaName } from './schema/json-schema.js'
export { jsonSchema, schemaNames } from './schema/json-schema.js'
export { frozen } from './values/frozen.js'
export type { IdentityKey, IdentityKind } from './values/identity.js'
export type { Instant } from './values/instant.js'
export { instantFromMillis, millisOf } from './values/instant.js'
export type { Json } from './values/json.js'
export { canonicalJson, parseJson } from './values/json.js'
export type { CommandId, Position, PushRegistrationId, UserId } from './values/token.js'
