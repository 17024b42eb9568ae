// Explanations for a person: each thing a user holds, and the events that gave it, one under another.

import type {
  ChainLink,
  DecisionSide,
  Explained,
  Explanation,
  FieldDecision,
  FieldOfMerge,
  LinkedIdentity,
  MergeExplained,
  MergesExplained,
} from '@selfsame/core'
import { valueText } from './audit-views.js'
import { momentText } from './moment.js'
import { fieldTable, table } from './table.js'

export const explanationTable = (explanation: Explanation, columns: number): string =>
  fieldTable(
    [
      ['user', explanation.userId],
      ['as of', momentText(explanation)],
    ],
    columns,
  ) +
  (explanation.fields.length === 0
    ? 'nothing of that name is held\n'
    : explanation.fields
        .map((one) => table(['at', heldText(one)], rowsOf(one, explanation.userId), columns))
        .join(''))

/** A tag says in its name what is held. */
const heldText = ({ field, value }: Explained): string =>
  field.startsWith('tags.') ? field : `${field} = ${valueText(value)}`

const standing = new Set(['type', 'createdAt', 'promotedAt'])

/** That the users of a chain were once created needs no saying, except where it is the reason. */
const rowsOf = ({ field, chain, upheld }: Explained, userId: string): ReadonlyArray<Row> => [
  ...chain
    .filter(({ type }) => type !== 'UserCreated' || standing.has(field))
    .map((link) => rowOf(link, userId)),
  ...upheld.map((link): Row => {
    const [position, lines] = rowOf(link, userId)
    return [position, ['and it stayed:', ...lines]]
  }),
]

type Row = readonly [position: string, lines: ReadonlyArray<string>]

const rowOf = (link: ChainLink, userId: string): Row => [
  `${link.position}`,
  [
    `${link.type}${link.userId === userId ? '' : ` of ${link.userId}`}`,
    [link.recordedAt, ...saidBy(link)].join(' '),
    ...otherText(link),
    ...(link.decision === null ? [] : [decisionText(link.decision)]),
  ],
]

const saidBy = ({
  actor,
  commandId,
}: Pick<ChainLink, 'actor' | 'commandId'>): ReadonlyArray<string> => [
  ...(actor === null ? [] : [`by ${actor}`]),
  ...(commandId === null ? [] : [`for ${commandId}`]),
]

const otherText = ({ type, other }: ChainLink): ReadonlyArray<string> => {
  if (other === null) return []
  switch (type) {
    case 'UsersMerged':
      return [`absorbs ${other}`]
    case 'UsersUnmerged':
      return [`lets go ${other}`]
    default:
      return [`from ${other}`]
  }
}

const settledTexts: Readonly<Record<FieldDecision['settledBy'], string>> = {
  only: 'the only value',
  policy: 'by the policy',
  override: 'by an override',
  left: 'anonymous data stays behind',
  union: 'tags are joined',
  unmerge: 'settled again',
}

/** `by survivor-first: red, written at 57; not blue, written at 58` */
const decisionText = ({ settledBy, policy, chosen, rejected }: FieldDecision): string => {
  if (settledBy === 'union') return settledTexts.union
  const how = settledBy === 'policy' ? `by ${policy}` : settledTexts[settledBy]
  return `${how}: ${chosenText(chosen, rejected)}`
}

const chosenText = (chosen: DecisionSide | null, rejected: DecisionSide | null): string =>
  [
    chosen === null ? 'nothing' : sideText(chosen),
    ...(rejected === null || rejected.position === null ? [] : [`not ${sideText(rejected)}`]),
  ].join('; ')

/** A value, and the position that wrote it. */
const sideText = ({ position, value }: DecisionSide): string =>
  position === null
    ? 'nothing'
    : `${value === null ? 'what was' : `${valueText(value)},`} written at ${position}`

export const mergesTable = (found: MergesExplained, columns: number): string =>
  fieldTable(
    [
      ['user', found.userId],
      ['as of', momentText(found)],
    ],
    columns,
  ) +
  (found.merges.length === 0
    ? 'nobody was ever merged into it\n'
    : found.merges.map((merge) => mergeTable(merge, columns)).join(''))

const mergeTable = (merge: MergeExplained, columns: number): string =>
  fieldTable(
    [
      ['merged at', [`${merge.position}`, [merge.recordedAt, ...saidBy(merge)].join(' ')]],
      ['undone at', merge.undone === null ? '' : `${merge.undone}`],
      ['survivor', merge.survivorId],
      ['absorbed', merge.absorbedId],
      ['asked by', merge.askedBy],
      ['found by', merge.matched.map(identityText)],
      ['policy', merge.policy],
      ['overrides', Object.entries(merge.overrides).map(([field, id]) => `${field}: ${id}`)],
      ['data', merge.dataLeft ? 'of the anonymous user stays behind' : ''],
      ['fields', merge.fields.map(fieldText)],
      ['tags brought', merge.tags.flatMap(({ tag, brought }) => (brought ? [tag] : []))],
      ['tags not', merge.tags.flatMap(({ tag, brought }) => (brought ? [] : [tag]))],
      ['identities', merge.moved.map(identityText)],
      ['released', merge.released.map(identityText)],
      ['installations', merge.installations],
    ],
    columns,
  )

/** `firstName: Benjamin, written at 40; not Ben, written at 23 (by an override)` */
const fieldText = ({ field, chosen, rejected, settledBy }: FieldOfMerge): string =>
  `${field}: ${chosenText(chosen, rejected)} (${settledTexts[settledBy]})`

const identityText = ({ linked, kind, value }: LinkedIdentity): string =>
  kind === null ? `linked at ${linked}` : `${kind} ${value} linked at ${linked}`
