// Whose data an answer shows: the users that a look is recorded of, for every question that there is.

import {
  type Audience,
  type Diff,
  type DirectoryAsOf,
  type Evidence,
  type Explanation,
  type IdentityHistory,
  type InstallationAsOf,
  type InstallationHistory,
  type InstallationView,
  isOwnType,
  type LogEvent,
  type MergesExplained,
  type OwnerAsOf,
  type PersonExport,
  type Preview,
  type Receipt,
  type Recorded,
  type Segment,
  toStored,
  type UserAsOf,
  type UserHistory,
  type UserView,
  type WhatIf,
} from '@selfsame/core'

/** Nobody (null) may be among them. */
export type Whose = ReadonlyArray<string | null>

/** The owners of what is personal in the events; an embedder's own facts hold nothing personal. */
const ownersIn = (events: ReadonlyArray<LogEvent>): Whose =>
  events
    .filter((event): event is Recorded => !isOwnType(event.type))
    .flatMap((event) => toStored(event).boxes.map(({ owner }) => owner))

const ofReceipt = ({ user, installation, events }: Receipt): Whose => [
  user?.id ?? null,
  installation?.userId ?? null,
  ...ownersIn(events),
]

export const whose = {
  user: ({ id }: UserView): Whose => [id],
  installation: ({ userId }: InstallationView): Whose => [userId],
  segment: ({ users }: Segment): Whose => users.map(({ id }) => id),
  audience: ({ installations }: Audience): Whose => installations.map(({ userId }) => userId),
  export: ({ userId }: PersonExport): Whose => [userId],
  /** Whoever's boxes are opened: those of a user who was separated are not. */
  evidence: ({ userId, events }: Evidence): Whose => [
    userId,
    ...events.flatMap(({ boxes }) =>
      boxes.flatMap(({ owner, closed }) => (closed === null ? [owner] : [])),
    ),
  ],
  historyOfUser: ({ userId, absorbed }: UserHistory): Whose => [
    userId,
    ...absorbed.map((one) => one.userId),
  ],
  historyOfInstallation: ({ owners }: InstallationHistory): Whose =>
    owners.map(({ userId }) => userId),
  historyOfIdentity: ({ holders }: IdentityHistory): Whose => holders.map(({ userId }) => userId),
  userAsOf: ({ userId, absorbed }: UserAsOf): Whose => [userId, ...absorbed],
  installationAsOf: ({ installation }: InstallationAsOf): Whose => [installation.userId],
  ownerAsOf: ({ owner }: OwnerAsOf): Whose => [owner],
  directoryAsOf: ({ users }: DirectoryAsOf): Whose => users.map(({ id }) => id),
  /** The user, and everyone whose value was chosen or rejected for a field. */
  explanation: ({ userId, fields }: Explanation): Whose => [
    userId,
    ...fields
      .flatMap(({ chain, upheld }) => [...chain, ...upheld])
      .flatMap(({ decision }) => [
        decision?.chosen?.userId ?? null,
        decision?.rejected?.userId ?? null,
      ]),
  ],
  merges: ({ userId, merges }: MergesExplained): Whose => [
    userId,
    ...merges.map(({ absorbedId }) => absorbedId),
  ],
  diff: ({ users, identities }: Diff): Whose => [
    ...users.map(({ userId }) => userId),
    ...identities.flatMap(({ before, after }) => [before, after]),
  ],
  whatIf: ({ differing, users }: WhatIf): Whose => [
    ...differing.flatMap(({ survivorId, absorbedId }) => [survivorId, absorbedId]),
    ...users.map(({ userId }) => userId),
  ],
  log: ownersIn,
  /** Whom commands left behind, and the owners of what is personal in their events. */
  receipts: (receipts: ReadonlyArray<Receipt>): Whose => receipts.flatMap(ofReceipt),
  preview: (preview: Preview): Whose => {
    switch (preview.outcome) {
      case 'refused':
        return []
      case 'remembered':
        return ofReceipt(preview.receipt)
      case 'planned':
        return [...ownersIn(preview.plan.events), ...ofReceipt(preview.plan.receipt)]
    }
  },
}
