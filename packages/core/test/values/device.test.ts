import { describe, expect, it } from 'vitest'
import { DevicePatch, DevicePatchProps, deviceFields } from '../../src/values/device.js'
import { parsed, paths } from './parsing.js'

describe('a patch of a device', () => {
  it('clears all where it is null', () => {
    expect(parsed(DevicePatch, null)).toBeNull()
  })

  it('keeps what is omitted and clears what is null or empty', () => {
    expect(parsed(DevicePatch, {})).toStrictEqual({})
    expect(
      parsed(DevicePatch, { os: 'iOS', osVersion: '', deviceSecure: null, language: null }),
    ).toStrictEqual({ os: 'iOS', osVersion: null, deviceSecure: null, language: null })
  })

  it('has strings of 1 to 256 characters and a push token of at most 4096', () => {
    const strings = deviceFields.filter(
      (name) => !['deviceSecure', 'deviceTimezoneOffset', 'pushServiceToken'].includes(name),
    )
    for (const name of strings) {
      expect(paths(DevicePatch, { [name]: 'a'.repeat(256) })).toEqual([])
      expect(paths(DevicePatch, { [name]: 'a'.repeat(257) })).toEqual([`/${name}`])
    }
    expect(paths(DevicePatch, { pushServiceToken: 'a'.repeat(4096) })).toEqual([])
    expect(paths(DevicePatch, { pushServiceToken: 'a'.repeat(4097) })).toEqual([
      '/pushServiceToken',
    ])
  })

  it.each(['GMT+00:00', 'GMT-03:30', 'GMT+05:45', 'GMT+14:00', 'GMT-12:00'])(
    'takes the offset %s',
    (deviceTimezoneOffset) => {
      expect(parsed(DevicePatch, { deviceTimezoneOffset })).toEqual({ deviceTimezoneOffset })
    },
  )

  it.each([
    'GMT',
    'GMT+1',
    'GMT+1:00',
    'GMT+15:00',
    'GMT+01:60',
    'UTC+01:00',
    'gmt+01:00',
    '+01:00',
    1,
  ])('refuses the offset %j', (deviceTimezoneOffset) => {
    expect(paths(DevicePatch, { deviceTimezoneOffset })).toEqual(['/deviceTimezoneOffset'])
  })

  it('refuses unknown keys and wrong kinds, all at once', () => {
    expect(paths(DevicePatch, { deviceSecure: 'yes', os: 1, osversion: 'a' })).toEqual([
      '/os',
      '/deviceSecure',
      '/osversion',
    ])
    expect(paths(DevicePatch, 'iPhone')).toEqual([''])
  })

  it('names every field of a device', () => {
    expect([...deviceFields].sort()).toEqual(Object.keys(DevicePatchProps).sort())
  })
})
