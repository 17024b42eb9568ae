// The door of the auditor: questions about the past and its reasons, answered from the log alone.

import type { MergePolicy } from '../merge/policy.js'
import {
  type DirectoryAsOf,
  directoryAsOf,
  type InstallationAsOf,
  installationAsOf,
  type OwnerAsOf,
  ownerAsOf,
  type UserAsOf,
  userAsOf,
} from './as-of.js'
import { type Diff, diff } from './diff.js'
import { type Explanation, explainUser } from './explain.js'
import {
  type IdentityHistory,
  type InstallationHistory,
  identityHistory,
  installationHistory,
  type UserHistory,
  userHistory,
} from './history.js'
import { explainMerges, type MergesExplained } from './merges.js'
import type { Answer, AuditedLog } from './question.js'
import { type WhatIf, whatIf } from './what-if.js'

/**
 * The auditor's questions (domain.md section 10). Every answer is lazy, as of the engine, and plain
 * JSON; erased values read `erased`, erased identities `erased:<position>`.
 *
 * A moment is a position, or a time in RFC 3339 (everything recorded up to it); absent, it is now. A
 * user reference is that of commands, and means whom it meant at the moment. Refusals:
 * `REQUEST_FORMAT_INVALID` for a malformed question or a position beyond the log, `USER_NOT_FOUND`,
 * `NO_REGISTRATION`, and `USER_ERASED` where the person's values would be the answer.
 * @since 0.1.0
 * @category Audit
 */
export interface Auditor {
  /** What happened, in the order of the log, up to a moment. */
  readonly history: {
    /** A user across its merges; of an erased one what is left. */
    readonly user: (reference: unknown, moment?: unknown) => Answer<UserHistory>
    /** An installation across its owners. */
    readonly installation: (id: unknown, moment?: unknown) => Answer<InstallationHistory>
    /** An identity, `{ phone }`, `{ email }` or `{ externalUserId }`, across its holders. */
    readonly identity: (identity: unknown, moment?: unknown) => Answer<IdentityHistory>
  }
  /** How things stood at a moment. Of one user in milliseconds, however long the log. */
  readonly asOf: (moment?: unknown) => {
    readonly user: (reference: unknown) => Answer<UserAsOf>
    readonly installation: (id: unknown) => Answer<InstallationAsOf>
    /** The owner of an identity. */
    readonly owner: (identity: unknown) => Answer<OwnerAsOf>
    /** Everybody: goes through the whole log, and holds the whole answer in memory. */
    readonly directory: () => Answer<DirectoryAsOf>
  }
  /** What is different at the second moment from what was at the first. */
  readonly diff: (from: unknown, to?: unknown) => Answer<Diff>
  readonly explain: {
    /** Why a user holds each thing it holds, as chains of events. */
    readonly user: (reference: unknown, moment?: unknown) => Answer<Explanation>
    /** Why and how others were merged into a user. */
    readonly merges: (reference: unknown, moment?: unknown) => Answer<MergesExplained>
  }
  /**
   * Each recorded merge under another policy. Later writes are taken as recorded: which of them a
   * caller would have left out, seeing other values, no log can tell. The policy sees values of
   * erased people as the same opaque text.
   */
  readonly whatIf: (policy: MergePolicy, moment?: unknown) => Answer<WhatIf>
}

/**
 * The auditor of a store, or of anything that reads a log like one. It asks the log only: what a
 * projection says is not believed.
 *
 * @example
 * const audit = auditOf(store)
 * await audit.asOf('2026-11-24T10:00:00Z').user({ email: 'ada@example.com' })()
 * await audit.asOf(1200).owner({ phone: '+491701234567' })()
 * await audit.history.installation('ada-phone')()
 * await audit.explain.user({ externalUserId: 'ada' })()
 * await audit.whatIf(latestWins)()
 *
 * @since 0.1.0
 * @category Audit
 */
export const auditOf = (log: AuditedLog): Auditor => ({
  history: {
    user: (reference, moment) => userHistory(log, reference, moment),
    installation: (id, moment) => installationHistory(log, id, moment),
    identity: (identity, moment) => identityHistory(log, identity, moment),
  },
  asOf: (moment) => ({
    user: (reference) => userAsOf(log, moment, reference),
    installation: (id) => installationAsOf(log, moment, id),
    owner: (identity) => ownerAsOf(log, moment, identity),
    directory: () => directoryAsOf(log, moment),
  }),
  diff: (from, to) => diff(log, from, to),
  explain: {
    user: (reference, moment) => explainUser(log, reference, moment),
    merges: (reference, moment) => explainMerges(log, reference, moment),
  },
  whatIf: (policy, moment) => whatIf(log, policy, moment),
})
