// Bugs of the kind that happen, each as one change of one line of core. All of them stand in one
// program, each under its switch, and the kit has to find every one within a minute.

/** A bug: `from`, which stands once in `file`, is what `to` takes the place of. */
export interface Plant {
  readonly bug: string
  readonly file: string
  readonly from: string
  readonly to: string
}

const core = 'packages/core/src'

export const plants: ReadonlyArray<Plant> = [
  {
    bug: 'emails are compared with case',
    file: `${core}/values/identity.ts`,
    from: "identity('email', value, emailKey(value))",
    to: "identity('email', value, value)",
  },
  {
    bug: 'a limit refuses what is exactly at it',
    file: `${core}/directory/limits.ts`,
    from: 'count <= limits[kind]',
    to: 'count < limits[kind]',
  },
  {
    bug: 'phones that SaveUser replaces are not released',
    file: `${core}/commands/identities.ts`,
    from: 'replaced[kind] && !wanted.some((identity) => identity.key === key)',
    to: "kind !== 'phone' && replaced[kind] && !wanted.some((identity) => identity.key === key)",
  },
  {
    bug: 'a merge drops the last name',
    file: `${core}/merge/merge-plan.ts`,
    from: "!isTag(field) && field !== 'primary' && field !== 'externalUserId'",
    to: "!isTag(field) && field !== 'primary' && field !== 'externalUserId' && field !== 'lastName'",
  },
  {
    bug: 'a value brought by a LEAD beats one of a CUSTOMER',
    file: `${core}/merge/policy.ts`,
    from: 'survivor.rank === absorbed.rank',
    to: 'true',
  },
  {
    bug: 'latest-wins takes the earlier one',
    file: `${core}/merge/policy.ts`,
    from: 'absorbed.position > survivor.position',
    to: 'absorbed.position < survivor.position',
  },
  {
    bug: 'marking a second primary leaves the first one marked',
    file: `${core}/directory/view.ts`,
    from: "user?.status === 'active' && user.cells.primary?.value === installation.id",
    to: "user?.status === 'active' && user.cells.primary !== undefined",
  },
  {
    bug: 'the id of a user absorbed twice over means nobody',
    file: `${core}/directory/directory.ts`,
    from: 'user = directory.users.get(user.into)',
    to: 'return directory.users.get(user.into)',
  },
  {
    bug: 'an installation that logs out keeps its custom attributes',
    file: `${core}/directory/evolve.ts`,
    from: 'if (isAttribute(field)) delete personal[field]',
    to: 'if (!isAttribute(field)) delete personal[field]',
  },
  {
    bug: 'a push token that is claimed stays where it was, too',
    file: `${core}/commands/installations.ts`,
    from: 'holder !== undefined && holder !== claimant.id',
    to: 'false',
  },
  {
    bug: 'a forced login on two candidates takes the first one',
    file: `${core}/commands/personalize.ts`,
    from: 'owners.size > 1',
    to: 'owners.size > 1 && command.forceDepersonalize !== true',
  },
  {
    bug: 'a login promotes in spite of keepAsLead',
    file: `${core}/commands/personalize.ts`,
    from: '!(command.keepAsLead ?? false)',
    to: 'true',
  },
  {
    bug: 'who shares an installation is absorbed with all of them',
    file: `${core}/commands/personalize.ts`,
    from: 'u0.installations.length === 1',
    to: 'u0.installations.length >= 1',
  },
  {
    bug: 'a birthday of today is in the future',
    file: `${core}/commands/attributes.ts`,
    from: 'patch.birthday > today',
    to: 'patch.birthday >= today',
  },
  {
    bug: 'an unmerge takes back an identity that was released since',
    file: `${core}/merge/unmerge-plan.ts`,
    from: 'releasedByMerge.includes(at) || survivor.released.includes(at)',
    to: 'true',
  },
  {
    bug: 'an erasure forgets the users absorbed in the one that is erased',
    file: `${core}/commands/erase-user.ts`,
    from: 'everyoneIn(slice, user.id)',
    to: '[]',
  },
  {
    bug: 'ids of new users depend on the time of day',
    file: `${core}/commands/decision.ts`,
    from: 'userId(nthId(seed, ids++))',
    to: 'userId(nthId(seed, ids++ + (performance.now() % 64)))',
  },
  {
    bug: 'a command that recorded nothing is not remembered',
    file: `${core}/memory/memory-store.ts`,
    from: 'remembered !== null',
    to: 'remembered !== null && decision.events.length > 0',
  },
  {
    bug: 'time runs backwards with the clock',
    file: `${core}/ports/work.ts`,
    from: 'last !== null && last > now ? last : now',
    to: 'now',
  },
  {
    bug: 'the same command id with other content is taken for the same command',
    file: `${core}/engine/engine.ts`,
    from: 'remembered.contentDigest !== store.digest(command.content)',
    to: 'false',
  },
]
