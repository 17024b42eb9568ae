// The workload of the benchmarks: a shop whose customers install an app, log in, and change.

import type { Engine } from '@selfsame/core'

/** Commands that register, personalize and then keep changing `users` people. */
export const shopCommands = (users: number, changes: number): ReadonlyArray<object> => {
  const phone = (i: number): string => `+4479${String(10_000_000 + i).padStart(8, '0')}`
  const all = Array.from({ length: users }, (_, i) => i)
  return [
    ...all.map((i) => ({
      type: 'RegisterInstallation',
      pushRegistrationId: `installation-${i}`,
      applicationId: 'shop',
      device: { os: 'Android', deviceName: `Phone of ${i}` },
    })),
    ...all.map((i) => ({
      type: 'Personalize',
      pushRegistrationId: `installation-${i}`,
      userIdentity: { phones: [phone(i)] },
    })),
    ...Array.from({ length: changes }, (_, n) => ({
      type: 'SaveUser',
      target: { phone: phone((n * 7919) % users) },
      user: { firstName: `Ann ${n}`, customAttributes: { visits: n } },
    })),
  ]
}

/** Executes commands in groups of this size; throws where one is not accepted. */
export const executeIn = async (
  engine: Engine,
  commands: ReadonlyArray<object>,
  group: number,
): Promise<void> => {
  for (let i = 0; i < commands.length; i += group) {
    const results = await engine.executeAll(commands.slice(i, i + group))()
    for (const result of results)
      if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
  }
}
