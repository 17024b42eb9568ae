// Random merges and their undoing among four people with a device each, in which every value that is
// written says of whom it is: so a test knows which of them a person may be shown.

import fc from 'fast-check'
import {
  createByPhone,
  merge,
  personalize,
  phoneNo,
  register,
  saveInstallation,
  saveUser,
  unmerge,
} from '../support/commands.js'
import { openWorld, userOf } from '../support/world.js'

type Act = 'merge' | 'unmerge' | 'name' | 'seat'

interface Step {
  readonly act: Act
  readonly one: number
  readonly two: number
}

const people = [0, 1, 2, 3]
const who = fc.constantFrom(...people)
const step = (weight: number, act: Act) => ({
  weight,
  arbitrary: fc.record({ act: fc.constant(act), one: who, two: who }),
})

export const steps: fc.Arbitrary<ReadonlyArray<Step>> = fc.array(
  fc.oneof(step(3, 'merge'), step(2, 'unmerge'), step(2, 'name'), step(2, 'seat')),
  { minLength: 5, maxLength: 25 },
)

/** Plays the steps. `written` is every text ever written, with the user or the device that it is of. */
export const played = async (story: ReadonlyArray<Step>) => {
  const world = openWorld()
  const users = people.map((n) => userOf(n * 3 + 1))
  const written: Array<{ readonly text: string; readonly of: string }> = []
  for (const n of people) {
    const [text, device] = [`(first ${n})`, `(device ${n})`]
    await world.runAll([
      createByPhone(phoneNo(n), { userAttributes: { firstName: text } }),
      register(`i${n}`, { device: { deviceName: device } }),
      personalize(`i${n}`, { phones: [phoneNo(n)] }),
    ])
    // The device's own anonymous user is the one that its registration made.
    written.push({ text, of: users[n] ?? '' }, { text: device, of: userOf(n * 3 + 2) })
  }
  for (const [number, { act, one, two }] of story.entries()) {
    const [first = '', second = ''] = [users[one], users[two]]
    const text = `(${act} ${number})`
    if (act === 'merge') await world.result(merge([{ userId: first }, { userId: second }]))
    if (act === 'unmerge') await world.result(unmerge({ userId: first }, second))
    if (act === 'name') {
      const receipt = await world.run(saveUser({ userId: first }, { lastName: text }))
      written.push({ text, of: receipt.user?.id ?? '' })
    }
    if (act === 'seat') {
      await world.run(saveInstallation(`i${one}`, { customAttributes: { seat: text } }))
      written.push({ text, of: userOf(one * 3 + 2) })
    }
  }
  return { world, users, written }
}
