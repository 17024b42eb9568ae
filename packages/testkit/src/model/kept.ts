// What an unmerge leaves with the survivor because it was written since the merge (domain.md section
// 8), told by the model: each field with its value, null for what was removed.

import type { Json } from '@selfsame/core'
import {
  devicesOf,
  type Entry,
  type Identity,
  identitiesOf,
  type Kept,
  type Person,
  type World,
} from './world.js'
import { tagPrefix } from './writing.js'

type Merge = Extract<Entry, { readonly kind: 'merge' }>

const fields = { externalUserId: 'externalUserId', phone: 'phones', email: 'emails' } as const

/** What stays with the survivor where a merge is undone; seen before it is. */
export const keptBy = (
  world: World,
  survivor: Person,
  undone: Merge,
  goes: { readonly links: ReadonlyArray<number>; readonly devices: ReadonlyArray<string> },
): ReadonlyArray<Kept> => {
  const since = survivor.entries.slice(survivor.entries.indexOf(undone) + 1)
  const others = survivor.entries.flatMap((entry) =>
    entry.kind === 'merge' && entry !== undone ? [entry.brought] : [],
  )
  const isBrought = ({ link }: Identity): boolean =>
    [undone.brought, ...others].some(({ identities }) =>
      identities.some((one) => one.link === link),
    )
  const written = new Map<string, Json>()
  for (const entry of since) {
    if (entry.kind === 'write') written.set(entry.field, entry.held?.value ?? null)
    if (entry.kind === 'externalUserId') {
      if (entry.isGone === true) written.delete('externalUserId')
      else written.set('externalUserId', entry.identity?.value ?? null)
    }
    if (entry.kind !== 'mark') continue
    const { mark, isGone } = entry
    const device = mark === null ? undefined : world.devices.get(mark.id)
    const isThere = device?.userId === survivor.id && device.since === mark?.since
    if (isGone === true || (mark !== null && !isThere)) written.delete('isPrimaryDevice')
    else written.set('isPrimaryDevice', mark?.id ?? null)
  }
  return [
    ...[...written]
      .filter(
        ([field, value]) => field !== 'isPrimaryDevice' || !goes.devices.some((id) => id === value),
      )
      .map(
        ([field, value]): Kept =>
          field.startsWith(tagPrefix)
            ? ['tags', value === null ? null : field.slice(tagPrefix.length)]
            : [field, value],
      ),
    ...identitiesOf(world, survivor)
      .filter((one) => one.link > undone.at && !isBrought(one) && !goes.links.includes(one.link))
      .map(({ kind, value }): Kept => [fields[kind], value]),
    ...undone.brought.identities
      .filter(({ link }) => !goes.links.includes(link))
      .map(({ kind }): Kept => [fields[kind], null]),
    ...devicesOf(world, survivor)
      .filter(
        ({ id, since: joined }) =>
          joined > undone.at &&
          !goes.devices.includes(id) &&
          !others.some(({ stays }) => stays.some((one) => one.id === id && one.since === joined)),
      )
      .map(({ id }): Kept => ['installations', id]),
  ]
}
