// The schema of each refusal: its code, and what its details name for a program.

import type { RefusalCode } from '../directory/refusal.js'
import { positionShape, recordShape } from '../log/shape.js'
import { t } from '../prelude.js'
import { AttributeFields, AttributeType } from '../values/attribute.js'
import { list, literals, object, type Props } from '../values/codec.js'
import { objectSchema, type SchemaOf } from '../values/described.js'
import type { JsonObject } from '../values/json.js'
import { CommandId, UserId } from '../values/token.js'

const kind = literals('kind', ['externalUserId', 'phone', 'email'])
const identity = object('an identity', { kind, value: t.string }, {})
const owner = object('an owner', { userId: UserId, identities: list(identity, 'identities') }, {})
const owners = list(owner, 'owners')
const violation = object(
  'a violation',
  {
    path: t.string,
    code: literals('a violation code', [
      'REQUEST_FORMAT_INVALID',
      'PHONE_INVALID',
      'EMAIL_INVALID',
      'LIMIT_EXCEEDED',
    ]),
    message: t.string,
  },
  { value: t.string },
)

const named = (required: Props, optional: Props = {}): t.Mixed =>
  object('(details)', required, optional)
const either = (one: t.Mixed, other: t.Mixed, ...more: ReadonlyArray<t.Mixed>): t.Mixed =>
  t.union([one, other, ...more])

/** `line` stands where the command came on a line of `selfsame exec`. */
const violations = named({ violations: list(violation, 'violations') }, { line: positionShape })
const ofUser = named({ userId: UserId })
const expectedEvents = object('expected events', { events: t.readonlyArray(t.unknown) }, {})

/** `position` and `head` stand where a question about the past is refused. */
const details: Readonly<Record<RefusalCode, t.Mixed>> = {
  NO_REGISTRATION: named({ pushRegistrationId: t.string }, { position: t.number }),
  USER_NOT_FOUND: either(
    named({ reference: recordShape(t.string) }, { position: t.number }),
    ofUser,
  ),
  USER_IDENTITY_INVALID: named({}),
  EMAIL_INVALID: violations,
  PHONE_INVALID: violations,
  REQUEST_FORMAT_INVALID: either(violations, named({ head: t.number })),
  LIMIT_EXCEEDED: either(
    violations,
    named({ limit: t.string, allowed: positionShape, count: positionShape }),
  ),
  USER_MERGE_INTERRUPTED: named({ owners }),
  PERSONALIZATION_IMPOSSIBLE: either(
    named({ userId: UserId }, { externalUserId: t.string }),
    named({ userId: UserId, candidate: UserId, owners }),
  ),
  AMBIGUOUS_PERSONALIZE_CANDIDATES: named({ candidates: owners }),
  INSTALLATION_NOT_OWNED: named({ pushRegistrationId: t.string, requestedBy: t.string }),
  MERGE_CONFLICT: named({
    field: t.literal('externalUserId'),
    candidates: list(object('a candidate', { userId: UserId, externalUserId: t.string }, {}), ''),
  }),
  UNMERGE_IMPOSSIBLE: either(
    named({ policy: t.string }),
    named({ survivor: UserId, absorbed: UserId, chain: list(UserId, 'user ids') }),
  ),
  USER_ERASED: ofUser,
  ATTRIBUTE_CONFLICT: named({
    scope: literals('scope', ['user', 'installation']),
    name: t.string,
    declared: object('a definition', { type: AttributeType }, { fields: AttributeFields }),
  }),
  COMMAND_ID_REUSED: named({ commandId: CommandId }),
  STALE_PREVIEW: named({
    expected: expectedEvents,
    found: either(expectedEvents, object('a found refusal', { refusal: t.unknown }, {})),
  }),
}

/** A refusal of one code. */
export const refusalSchema = (of: SchemaOf, code: RefusalCode): JsonObject =>
  objectSchema(
    of,
    {
      ok: t.literal(false),
      error: object(
        `an error ${code}`,
        { code: t.literal(code), message: t.string, details: details[code] },
        {},
      ),
    },
    { commandId: CommandId },
  )

export const refusalNotes =
  'Why a command or a question was refused: a code, a message for a person, details for a program. ' +
  'Messages may change; codes and details keep their meaning.'
