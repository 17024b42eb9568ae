// The workload of the benchmarks: a shop whose customers install an app, log in, and change. People
// are numbers; what a person's installation, phone and command ids are follows from the number.

/** What a contestant is asked to do with a person; the order in which a person can live through them. */
export const kinds = ['RegisterInstallation', 'Personalize', 'SaveUser', 'SetPrimary'] as const
export type Kind = (typeof kinds)[number]

export const installationOf = (n: number): string => `installation-${n}`
export const tokenOf = (n: number): string => `token-${n}`
export const deviceOf = (n: number): string => `Phone of ${n}`
/** National digits that every phone of the shop begins with. */
export const phoneOf = (n: number): string => `4479${String(10_000_000 + n).padStart(8, '0')}`
export const nameOf = (n: number): string => `Ann ${n}`
export const commandIdOf = (kind: Kind, n: number, turn: number): string => `${kind}-${n}-${turn}`

/** A command as an app's backend would send it. `turn` tells a repeated kind of one person apart. */
export const commandOf = (kind: Kind, n: number, turn: number): object => {
  const commandId = commandIdOf(kind, n, turn)
  const pushRegistrationId = installationOf(n)
  switch (kind) {
    case 'RegisterInstallation':
      return {
        type: kind,
        commandId,
        pushRegistrationId,
        applicationId: 'shop',
        device: {
          os: 'Android',
          deviceName: deviceOf(n),
          pushServiceType: 'FCM',
          pushServiceToken: tokenOf(n),
        },
      }
    case 'Personalize':
      return {
        type: kind,
        commandId,
        pushRegistrationId,
        userIdentity: { phones: [`+${phoneOf(n)}`] },
      }
    case 'SaveUser':
      return {
        type: kind,
        commandId,
        target: { phone: `+${phoneOf(n)}` },
        user: { firstName: nameOf(n + turn) },
      }
    case 'SetPrimary':
      return { type: kind, commandId, pushRegistrationId, isPrimary: true }
  }
}

/** Mulberry32: the same seed gives the same order of people again. */
export const generator = (seed: number): ((limit: number) => number) => {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}

/** The numbers from one up to another, shuffled. */
export const shuffled = (from: number, to: number, seed: number): ReadonlyArray<number> => {
  const below = generator(seed)
  const people = Array.from({ length: to - from }, (_, i) => from + i)
  for (let i = people.length - 1; i > 0; i -= 1) {
    const j = below(i + 1)
    const [a, b] = [people[i] ?? 0, people[j] ?? 0]
    people[i] = b
    people[j] = a
  }
  return people
}
