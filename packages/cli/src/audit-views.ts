// What the auditor answers, as tables for a person.

import type {
  DirectoryAsOf,
  FieldChange,
  Holding,
  IdentityHistory,
  InstallationAsOf,
  InstallationChange,
  InstallationHistory,
  OwnerAsOf,
  UserAsOf,
  UserChange,
  UserHistory,
} from '@selfsame/core'
import { happenedTable } from './happened.js'
import { momentText } from './moment.js'
import { fieldTable, table } from './table.js'
import { installationTable, usersTable, userTable } from './views.js'

/** A value for a person: texts bare, everything else as JSON. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

const spanText = (from: number, until: number | null): string =>
  until === null ? `from ${from} on` : `from ${from} until ${until}`

const holdingsTable = (who: string, holdings: ReadonlyArray<Holding>, columns: number): string =>
  holdings.length === 0
    ? ''
    : table(
        [who, 'positions'],
        holdings.map(({ userId, from, until }) => [userId ?? 'nobody', spanText(from, until)]),
        columns,
      )

export const userHistoryTable = (history: UserHistory, columns: number): string =>
  fieldTable(
    [
      ['user', history.userId],
      ['status', history.status],
      ['up to', momentText(history)],
      [
        'absorbed',
        history.absorbed.map(
          ({ userId, into, from, until }) =>
            `${userId} ${spanText(from, until)}${into === history.userId ? '' : ` in ${into}`}`,
        ),
      ],
    ],
    columns,
  ) + happenedTable(history.events, columns)

export const installationHistoryTable = (history: InstallationHistory, columns: number): string =>
  holdingsTable('user', history.owners, columns) + happenedTable(history.events, columns)

export const identityHistoryTable = (history: IdentityHistory, columns: number): string =>
  history.events.length === 0
    ? 'no event: nobody ever held it, or whoever did was erased\n'
    : holdingsTable('holder', history.holders, columns) + happenedTable(history.events, columns)

export const userAsOfTable = (found: UserAsOf, columns: number): string =>
  fieldTable(
    [
      ['as of', momentText(found)],
      ['user', found.userId],
      ['status', found.status],
      ['absorbed', found.absorbed],
    ],
    columns,
  ) + (found.user === null ? '' : userTable(found.user, columns))

export const installationAsOfTable = (found: InstallationAsOf, columns: number): string =>
  fieldTable([['as of', momentText(found)]], columns) +
  installationTable(found.installation, columns)

export const ownerAsOfTable = (found: OwnerAsOf, columns: number): string =>
  fieldTable(
    [
      ['as of', momentText(found)],
      ['owner', found.owner ?? 'nobody'],
      ['linked at', found.linked === null ? '' : `${found.linked}`],
    ],
    columns,
  )

export const directoryAsOfTable = (found: DirectoryAsOf, columns: number): string =>
  fieldTable(
    [
      ['as of', momentText(found)],
      ['living users', `${found.users.length}`],
      ['expired installations', `${found.expired.length}`],
      ['absorbed users', `${found.merged.length}`],
      ['erased users', `${found.erased.length}`],
    ],
    columns,
  ) + usersTable(found.users, columns)

/** A change of a field in words: of a set what came and what went. */
const changeText = ({ field, before, after }: FieldChange): string => {
  if (Array.isArray(before) && Array.isArray(after)) {
    const [was, is] = [before.map(valueText), after.map(valueText)]
    const changes = [
      ...is.filter((one) => !was.includes(one)).map((one) => `+${one}`),
      ...was.filter((one) => !is.includes(one)).map((one) => `-${one}`),
    ]
    return `${field}: ${changes.length === 0 ? `now ${is.join(', ')}` : changes.join(' ')}`
  }
  if (before === null) return `${field}: ${valueText(after)}`
  return after === null
    ? `${field}: removed, was ${valueText(before)}`
    : `${field}: ${valueText(after)}, was ${valueText(before)}`
}

interface Changed {
  readonly name: string
  readonly change: string
  readonly fields: ReadonlyArray<FieldChange>
}

const changedTable = (name: string, rows: ReadonlyArray<Changed>, columns: number): string =>
  rows.length === 0
    ? ''
    : table(
        [name, 'change'],
        rows.map((row) => [
          row.name,
          [...(row.change === '' ? [] : [row.change]), ...row.fields.map(changeText)],
        ]),
        columns,
      )

/** Users that differ, a row each; empty where none does. */
export const usersChangedTable = (users: ReadonlyArray<UserChange>, columns: number): string =>
  changedTable('user', users.map(changedUser), columns)

/** The same of installations. */
export const installationsChangedTable = (
  installations: ReadonlyArray<InstallationChange>,
  columns: number,
): string =>
  changedTable(
    'installation',
    installations.map(({ pushRegistrationId: name, before, after, fields }) => ({
      name,
      change: statusText(before, after),
      fields,
    })),
    columns,
  )

const changedUser = ({ userId: name, before, after, into, fields }: UserChange): Changed => {
  if (after === 'merged') return { name, change: `absorbed in ${into}`, fields: [] }
  if (after === 'erased') return { name, change: 'erased', fields: [] }
  return { name, change: statusText(before, after), fields: after === 'absent' ? [] : fields }
}

const statusText = (before: string, after: string): string => {
  if (before === after) return ''
  return before === 'absent' ? 'new' : `${after}, was ${before}`
}
