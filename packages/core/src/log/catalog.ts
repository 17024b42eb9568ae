// The catalogue of event types: schema version, codec of the payload, and which of its fields are
// personal and whose. Everything that is not named personal is public and stands unsealed for ever.
// The boxes of an event (boxes.ts) and its leaf (leaf.ts) are made from exactly this table.

import { t } from '../prelude.js'
import { described } from '../values/described.js'
import type { EventType, Payloads } from './event.js'
import {
  carriedInBoxes,
  identityInOneBox,
  kept,
  moved,
  type Personal,
  valuesInOneBox,
} from './personal.js'
import {
  applicationIdShape,
  fieldsShape,
  instantShape,
  orNull,
  positionShape,
  positionsShape,
  pushRegistrationIdShape,
  recordShape,
  userIdShape,
  valuesShape,
} from './shape.js'

/**
 * One row of the catalogue.
 * @since 0.1.0
 * @category Log
 */
export interface EventSchema<Payload> {
  readonly version: number
  readonly payload: t.Type<Payload, unknown, unknown>
  readonly personal: Personal<Payload> | null
}

type Catalog = { readonly [Type in EventType]: EventSchema<Payloads[Type]> }

const oneOf = <A extends string>(...names: ReadonlyArray<A>): t.Type<A, A, unknown> => {
  const is = (input: unknown): input is A => names.some((name) => name === input)
  const validate: t.Validate<unknown, A> = (i, c) => (is(i) ? t.success(i) : t.failure(i, c))
  return described(new t.Type<A, A, unknown>(names.join('|'), is, validate, t.identity), () => ({
    enum: [...names],
  }))
}

const userType = oneOf('LEAD', 'CUSTOMER')
const attributeType = oneOf('string', 'number', 'boolean', 'date', 'datetime', 'list')
const fieldType = oneOf('string', 'number', 'boolean', 'date', 'datetime')
const device = recordShape(t.union([t.string, t.boolean, t.null]))
const source = t.type({ userId: userIdShape, position: orNull(positionShape) })
const ofInstallation = { pushRegistrationId: pushRegistrationIdShape, userId: userIdShape }
const owned = t.partial({ ownerId: userIdShape })

/**
 * Every event type that Selfsame records.
 * @since 0.1.0
 * @category Log
 */
export const catalog: Catalog = {
  UserCreated: {
    version: 1,
    payload: t.type({ userId: userIdShape, userType }),
    personal: null,
  },
  InstallationRegistered: {
    version: 1,
    payload: t.type({
      ...ofInstallation,
      applicationId: applicationIdShape,
      isPushRegistrationEnabled: t.boolean,
      device,
      fields: fieldsShape,
      values: valuesShape,
    }),
    personal: valuesInOneBox,
  },
  InstallationUpdated: {
    version: 2,
    payload: t.intersection([
      t.type({ ...ofInstallation, device, fields: fieldsShape, values: valuesShape }),
      t.partial({ isPushRegistrationEnabled: t.boolean, notificationsEnabled: t.boolean }),
      owned,
    ]),
    personal: valuesInOneBox,
  },
  InstallationAttached: {
    version: 2,
    payload: t.intersection([
      t.type({
        ...ofInstallation,
        fromUserId: userIdShape,
        isPrimaryDevice: t.boolean,
        identities: positionsShape,
        fields: fieldsShape,
        values: valuesShape,
      }),
      owned,
    ]),
    personal: valuesInOneBox,
  },
  InstallationDetached: { version: 1, payload: t.type(ofInstallation), personal: null },
  InstallationExpired: {
    version: 1,
    payload: t.type({ ...ofInstallation, reason: t.string }),
    personal: null,
  },
  PrimaryAssigned: { version: 1, payload: t.type(ofInstallation), personal: null },
  PrimaryCleared: { version: 1, payload: t.type(ofInstallation), personal: null },
  IdentityLinked: {
    version: 1,
    payload: t.type({
      userId: userIdShape,
      kind: oneOf('externalUserId', 'phone', 'email'),
      value: t.string,
    }),
    personal: identityInOneBox,
  },
  IdentityReleased: {
    version: 1,
    payload: t.type({
      userId: userIdShape,
      kind: oneOf('externalUserId', 'phone', 'email'),
      linked: positionShape,
    }),
    personal: null,
  },
  ProfilePromoted: { version: 1, payload: t.type({ userId: userIdShape }), personal: null },
  UserAttributesChanged: {
    version: 1,
    payload: t.type({ userId: userIdShape, fields: fieldsShape, values: valuesShape }),
    personal: valuesInOneBox,
  },
  UsersMerged: {
    version: 2,
    payload: t.type({
      survivorId: userIdShape,
      absorbedId: userIdShape,
      policy: t.string,
      overrides: recordShape(userIdShape),
      dataLeft: t.boolean,
      fields: t.readonlyArray(
        t.type({
          field: t.string,
          taken: oneOf('survivor', 'absorbed'),
          chosen: source,
          rejected: source,
          settledBy: oneOf('only', 'policy', 'override', 'left'),
        }),
      ),
      tags: t.type({ chosen: t.readonlyArray(source), rejected: t.readonlyArray(source) }),
      identities: t.type({ moved: positionsShape, released: positionsShape }),
      installations: t.readonlyArray(moved),
      matched: positionsShape,
      userType,
      createdAt: instantShape,
      promotedAt: orNull(instantShape),
      carried: t.readonlyArray(valuesShape),
    }),
    personal: carriedInBoxes,
  },
  UsersUnmerged: {
    version: 2,
    payload: t.type({
      survivorId: userIdShape,
      absorbedId: userIdShape,
      merged: positionShape,
      fields: t.readonlyArray(
        t.type({ field: t.string, from: orNull(userIdShape), source: orNull(source) }),
      ),
      identities: t.type({
        returned: positionsShape,
        regained: t.readonlyArray(t.type({ position: positionShape, from: userIdShape })),
      }),
      installations: t.readonlyArray(t.type({ ...moved.props, joinedSince: t.boolean })),
      remaining: t.readonlyArray(kept),
      primary: t.type({
        survivor: orNull(pushRegistrationIdShape),
        absorbed: orNull(pushRegistrationIdShape),
      }),
      userType,
      createdAt: instantShape,
      promotedAt: orNull(instantShape),
      kept: t.readonlyArray(
        t.type({ field: t.string, position: positionShape, removed: t.boolean }),
      ),
      carried: t.readonlyArray(valuesShape),
    }),
    personal: carriedInBoxes,
  },
  UserErased: {
    version: 1,
    payload: t.type({
      userId: userIdShape,
      absorbed: t.readonlyArray(userIdShape),
      identities: positionsShape,
      installations: t.readonlyArray(t.type(ofInstallation)),
      reason: t.string,
    }),
    personal: null,
  },
  AttributeDefined: {
    version: 1,
    payload: t.intersection([
      t.type({ scope: oneOf('user', 'installation'), name: t.string, attributeType }),
      t.partial({ fields: recordShape(fieldType) }),
    ]),
    personal: null,
  },
}
