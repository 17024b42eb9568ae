// @selfsame/testkit: what an embedding of Selfsame is tested with. Deterministic ports, arbitraries
// that bite, the invariants as laws over a log and its directory, and the properties of a store.

export {
  customAttributes,
  devices,
  personNames,
  tags,
  userAttributes,
} from './arbitraries/attributes.js'
export { commands, commandsOf, userPatches } from './arbitraries/commands.js'
export { events, factsOf, wrongFacts } from './arbitraries/facts.js'
export type { History } from './arbitraries/history.js'
export { patchesOf } from './arbitraries/patches.js'
export {
  emails,
  externalUserIds,
  identities,
  type Person,
  people,
  phones,
  wrongEmails,
  wrongPhones,
} from './arbitraries/people.js'
export { type Sequence, sequences } from './arbitraries/sequences.js'
export { resolveSymbols } from './arbitraries/symbols.js'
export { type ValuesOf, valuesOf } from './arbitraries/values.js'
export { wrongCommands } from './arbitraries/wrong-commands.js'
export type { BrokenPromise } from './contract/broken.js'
export { type ContractCheck, storeContract } from './contract/contract.js'
export {
  type Differential,
  differential,
  type FoundAlike,
  type StoresDiffer,
} from './contract/differential.js'
export type { StoreContract } from './contract/stage.js'
export { checkAccount } from './laws/account.js'
export {
  type Audit,
  type AuditOptions,
  checkFolds,
  checkInvariants,
  openAudit,
} from './laws/audit.js'
export { checkDecision, withDeciderLaws } from './laws/decider.js'
export { canariesOf, checkErased } from './laws/erasure.js'
export { type Ledger, openLedger } from './laws/ledger.js'
export { checkMergeLaws } from './laws/merge-algebra.js'
export { checkMerge } from './laws/merging.js'
export { checkProjection, type Projection } from './laws/own-projections.js'
export { checkOwnership } from './laws/ownership.js'
export { checkPages } from './laws/pages.js'
export { checkPatch } from './laws/patches.js'
export { checkProjections } from './laws/projections.js'
export { checkPromise } from './laws/promises.js'
export { checkReceipt, checkRefusal, sameReceipt } from './laws/results.js'
export { checkSchema } from './laws/schema.js'
export { checkState } from './laws/state.js'
export { checkUnmerge } from './laws/unmerging.js'
export { checkUpcasters, type OldPayload } from './laws/upcasters.js'
export type { Promised, Violation } from './laws/violation.js'
export { checkWordings } from './laws/wordings.js'
export {
  countingIds,
  fixedClock,
  startMs,
  steppingClock,
  type TurnedClock,
  turnedClock,
} from './ports.js'
export {
  acceptance,
  type Coverage,
  type CoverageCounter,
  missing,
  openCoverage,
} from './runs/coverage.js'
export { lawProperties } from './runs/law-properties.js'
export { limitProperty } from './runs/limit-property.js'
export { modelProperty } from './runs/model-property.js'
export type { OpenStore } from './runs/play.js'
export {
  type BrokenLaw,
  type Checked,
  type RunOptions,
  type StoreProperty,
  type StoreUnderTest,
  storeProperties,
} from './runs/properties.js'
export { replayLines } from './runs/replay.js'
export { type Story, tellStory } from './runs/story.js'
export { type Result, type Step, transcript } from './runs/transcript.js'
export type { ExpectedFact, GivenFact } from './scenarios/facts.js'
export type { ScenarioMismatch } from './scenarios/mismatch.js'
export {
  type Expectation,
  type Given,
  given,
  scenarios,
  type When,
} from './scenarios/scenario.js'
export type { ExpectedState } from './scenarios/state.js'
export type { GivenCommand, ScenarioOptions } from './scenarios/story.js'
export { scheduleProperty } from './schedules/schedule-property.js'
export type { OpenScheduled } from './schedules/scheduled-store.js'
export type { Survives } from './simulation/disk.js'
export {
  type Simulated,
  type SimulationBroken,
  type SimulationOptions,
  simulate,
} from './simulation/simulate.js'
export { diskStore, journalStore, type SimulatedStore } from './simulation/simulated-store.js'
export { type Tally, tallyText } from './simulation/tally.js'
