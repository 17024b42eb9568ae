// What an installation tells about the device it runs on.

import { t } from '../prelude.js'
import { type Codec, codec, emptyIsNull, nullableBoolean, type ObjectOf, object } from './codec.js'
import { text } from './text.js'
import { reject } from './violation.js'

/**
 * The device of an installation (domain.md section 2); what was never told is null.
 *
 * @category Values
 * @since 0.1.0
 */
export interface Device {
  readonly os: string | null
  readonly osVersion: string | null
  readonly deviceManufacturer: string | null
  readonly deviceModel: string | null
  readonly deviceName: string | null
  readonly deviceSecure: boolean | null
  readonly appVersion: string | null
  readonly sdkVersion: string | null
  readonly language: string | null
  readonly deviceTimezoneOffset: string | null
  readonly pushServiceType: string | null
  readonly pushServiceToken: string | null
}

/**
 * The codecs of a device's fields by name, each optional and nullable in a patch.
 *
 * @category Values
 * @since 0.1.0
 */
export type DevicePatchProps = { readonly [K in keyof Device]: Codec<Device[K]> }

/**
 * A patch of a device: null clears every field; of an object, an absent field is kept and a null
 * one cleared.
 *
 * @category Values
 * @since 0.1.0
 */
export type DevicePatch = ObjectOf<Record<never, never>, DevicePatchProps> | null

const OFFSET = /^GMT[+-](?:0\d|1[0-4]):[0-5]\d$/

/** `GMT+hh:mm` or `GMT-hh:mm`, at most 14 hours and 59 minutes (domain.md section 3). */
const timezoneOffset: Codec<string> = codec<string>(
  'a timezone offset',
  (input, context) =>
    typeof input === 'string' && OFFSET.test(input)
      ? t.success(input)
      : reject(input, context, 'must be GMT+hh:mm or GMT-hh:mm'),
  () => ({ type: 'string', pattern: '^GMT[+-](?:0[0-9]|1[0-4]):[0-5][0-9]$' }),
)

/**
 * The codecs to spread into the optional part of `object`.
 *
 * @category Values
 * @since 0.1.0
 */
export const DevicePatchProps: DevicePatchProps = {
  os: emptyIsNull(text('an operating system', 256)),
  osVersion: emptyIsNull(text('a version', 256)),
  deviceManufacturer: emptyIsNull(text('a manufacturer', 256)),
  deviceModel: emptyIsNull(text('a model', 256)),
  deviceName: emptyIsNull(text('a device name', 256)),
  deviceSecure: nullableBoolean,
  appVersion: emptyIsNull(text('a version', 256)),
  sdkVersion: emptyIsNull(text('a version', 256)),
  language: emptyIsNull(text('a language', 256)),
  deviceTimezoneOffset: emptyIsNull(timezoneOffset),
  pushServiceType: emptyIsNull(text('a push service', 256)),
  pushServiceToken: emptyIsNull(text('a push token', 4096)),
}

/**
 * The names of a device's fields, in the order of domain.md section 2.
 *
 * @category Values
 * @since 0.1.0
 */
export const deviceFields = [
  'os',
  'osVersion',
  'deviceManufacturer',
  'deviceModel',
  'deviceName',
  'deviceSecure',
  'appVersion',
  'sdkVersion',
  'language',
  'deviceTimezoneOffset',
  'pushServiceType',
  'pushServiceToken',
] as const satisfies ReadonlyArray<keyof Device>

const fields = object('a device', {}, DevicePatchProps)

/**
 * Parses a patch of a device; other strings than the token have 1 to 256 characters.
 *
 * @category Values
 * @since 0.1.0
 */
export const DevicePatch: Codec<DevicePatch> = codec<DevicePatch>(
  'a device',
  (input, context) => (input === null ? t.success(null) : fields.validate(input, context)),
  (of) => ({ anyOf: [of(fields), { type: 'null' }] }),
)
