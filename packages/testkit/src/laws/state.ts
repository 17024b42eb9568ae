// What must be true of any directory by itself: invariants 1 to 4, and one installation a push token.

import type { ActiveInstallation, ActiveUser, Directory, Installation, User } from '@selfsame/core'
import { checkBeneath } from './beneath.js'
import { type Violation, violation } from './violation.js'

/**
 * Invariants 1 to 4 of a directory: who owns what, and that both sides of each link agree. Of 11, that
 * no value of an installation is sealed for somebody who could be erased without its user; of 10, that
 * nothing is kept beneath what is shown but for an unmerge.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkState = (directory: Directory): ReadonlyArray<Violation> => [
  ...identitiesHaveOneOwner(directory),
  ...installationsHaveOneUser(directory),
  ...nobodyElseOwns(directory),
  ...onePrimary(directory),
  ...oneInstallationAToken(directory),
  ...sealedWithinTheirUser(directory),
  ...checkBeneath(directory),
]

const activeUsers = (directory: Directory): ReadonlyArray<ActiveUser> =>
  [...directory.users.values()].flatMap((user) => (user.status === 'active' ? [user] : []))

const statusOf = (directory: Directory, id: User['id']): string =>
  directory.users.get(id)?.status ?? 'unknown'

const identitiesHaveOneOwner = (directory: Directory): ReadonlyArray<Violation> => {
  const found: Violation[] = []
  for (const [key, owner] of directory.identities) {
    const user = directory.users.get(owner)
    if (user?.status !== 'active')
      found.push(violation(1, `${key} is owned by ${owner}, who is ${statusOf(directory, owner)}`))
    else if (!Object.hasOwn(user.identities, key))
      found.push(violation(1, `${key} is owned by ${owner}, whose profile does not have it`))
  }
  for (const user of activeUsers(directory)) {
    const externalIds = Object.values(user.identities).filter(
      ({ kind }) => kind === 'externalUserId',
    )
    if (externalIds.length > 1)
      found.push(violation(1, `${user.id} has ${externalIds.length} externalUserIds`))
    for (const key of Object.values(user.identities).map((one) => one.key)) {
      const owner = directory.identities.get(key)
      if (owner !== user.id)
        found.push(violation(1, `${user.id} has ${key}, which ${owner ?? 'nobody'} owns`))
    }
  }
  return found
}

const installationsHaveOneUser = (directory: Directory): ReadonlyArray<Violation> => {
  const found: Violation[] = []
  const holders = new Map<string, string>()
  for (const user of activeUsers(directory)) {
    for (const { id } of user.installations) {
      const other = holders.get(id)
      if (other !== undefined)
        found.push(violation(2, `the installation ${id} is kept by ${other} and by ${user.id}`))
      holders.set(id, user.id)
      const installation = directory.installations.get(id)
      if (installation?.status !== 'active')
        found.push(
          violation(2, `${user.id} keeps ${id}, which is ${installation?.status ?? 'unknown'}`),
        )
    }
  }
  for (const installation of directory.installations.values()) {
    if (installation.status !== 'active') continue
    const { id, userId } = installation
    if (statusOf(directory, userId) !== 'active')
      found.push(violation(2, `${id} belongs to ${userId}, who is ${statusOf(directory, userId)}`))
    else if (holders.get(id) !== userId)
      found.push(
        violation(2, `${id} belongs to ${userId}, but ${holders.get(id) ?? 'nobody'} keeps it`),
      )
  }
  return found
}

const sealedWithinTheirUser = (directory: Directory): ReadonlyArray<Violation> =>
  [...directory.installations.values()].flatMap((one) =>
    one.status === 'active' && one.ownerId !== undefined && !isWithin(directory, one)
      ? [
          violation(
            11,
            `${one.id} of ${one.userId} is sealed for ${one.ownerId}, who is not absorbed in it`,
          ),
        ]
      : [],
  )

/** Whether the chain of merges leads from whom an installation is sealed for to whom it is with. */
const isWithin = (directory: Directory, { ownerId, userId }: ActiveInstallation): boolean => {
  const passed = new Set<string>()
  let at = ownerId === undefined ? undefined : directory.users.get(ownerId)
  while (at?.status === 'merged' && !passed.has(at.id)) {
    if (at.into === userId) return true
    passed.add(at.id)
    at = directory.users.get(at.into)
  }
  return false
}

const nobodyElseOwns = (directory: Directory): ReadonlyArray<Violation> => {
  const found: Violation[] = []
  const owners = new Set<string>(directory.identities.values())
  for (const installation of directory.installations.values())
    if (installation.status === 'active') owners.add(installation.userId)
  for (const user of directory.users.values()) {
    if (user.status === 'active') {
      const absorbed = directory.absorbed.get(user.id)?.length ?? 0
      if (absorbed !== user.merges)
        found.push(violation(3, `${user.id} counts ${user.merges} absorbed users, not ${absorbed}`))
      continue
    }
    if (owners.has(user.id))
      found.push(violation(3, `${user.id} is ${user.status} and owns something`))
    if (user.status === 'merged') {
      const chain = endOfChain(directory, user)
      if (chain !== undefined) found.push(violation(3, chain))
      if (!(directory.absorbed.get(user.into) ?? []).includes(user.id))
        found.push(violation(3, `${user.id} is merged into ${user.into}, who does not list it`))
    }
  }
  return found
}

/** What is wrong with an alias: it goes round, or ends nowhere. */
const endOfChain = (directory: Directory, user: User): string | undefined => {
  const seen = new Set<string>()
  let at: User | undefined = user
  while (at?.status === 'merged') {
    if (seen.has(at.id)) return `the alias ${user.id} goes round through ${[...seen].join(', ')}`
    seen.add(at.id)
    at = directory.users.get(at.into)
  }
  return at === undefined ? `the alias ${user.id} ends at an unknown user` : undefined
}

const onePrimary = (directory: Directory): ReadonlyArray<Violation> =>
  activeUsers(directory).flatMap((user) => {
    const primary = user.cells.primary?.value
    return primary === undefined || user.installations.some(({ id }) => id === primary)
      ? []
      : [violation(4, `the primary of ${user.id} is ${String(primary)}, which it does not have`)]
  })

const tokenOf = (installation: Installation): string | undefined => {
  if (installation.status !== 'active') return undefined
  const token = installation.personal.pushServiceToken
  return typeof token !== 'string' || token.startsWith('\u0000')
    ? undefined
    : JSON.stringify([
        installation.applicationId,
        installation.device.pushServiceType ?? null,
        token,
      ])
}

const oneInstallationAToken = (directory: Directory): ReadonlyArray<Violation> => {
  const found: Violation[] = []
  const holders = new Map<string, string>()
  for (const installation of directory.installations.values()) {
    const token = tokenOf(installation)
    if (token === undefined) continue
    const other = holders.get(token)
    if (other !== undefined)
      found.push(
        violation('token', `${other} and ${installation.id} have one push token, ${token}`),
      )
    holders.set(token, installation.id)
  }
  return found
}
