// Erasure: every person carries a canary, some are erased; then every byte of every file is searched,
// and the log as the command line exports it; a backup made before is restored and searched again.

import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { exportTo, readExport } from '../exported.js'
import { phoneOf } from '../load.js'
import { answered, startWorker, type Worker } from '../remote.js'
import type { Scenario, Trial } from '../scenario.js'
import { canaryOf, emailOf } from '../workload.js'

const groupCommands = 256
/** Reading 20,000 people, copying them, and making their projections again takes minutes. */
const slow_ms = 900_000
/** One canary is searched as text of 8 and 16 bits, in hexadecimal and in base64 at any offset. */
const stem = 'Kanarienvogel'
const codings = (text: string): ReadonlyArray<Buffer> => [
  Buffer.from(text),
  Buffer.from(text, 'utf16le'),
  Buffer.from(Buffer.from(text).toString('hex')),
  ...[0, 1, 2].map((shift) =>
    // The characters at both ends depend on what stands beside them.
    Buffer.from(
      Buffer.from('x'.repeat(shift) + text)
        .toString('base64')
        .slice(shift === 0 ? 0 : 4, -4),
    ),
  ),
]

/** Of two users with an externalUserId one has to be chosen: the absorbed have none. */
const commandsFor = (
  person: number,
  isAbsorbed: boolean,
): ReadonlyArray<Record<string, unknown>> => [
  {
    type: 'RegisterInstallation',
    pushRegistrationId: `installation-${person}`,
    applicationId: 'shop',
    device: {
      deviceName: `${canaryOf(person)}-device`,
      pushServiceToken: `${canaryOf(person)}-token`,
    },
  },
  {
    type: 'CreateUser',
    commandId: `create-${person}`,
    userIdentity: {
      ...(isAbsorbed ? {} : { externalUserId: canaryOf(person) }),
      emails: [emailOf(person)],
      phones: [phoneOf(person)],
    },
    userAttributes: {
      firstName: canaryOf(person),
      tags: [`${canaryOf(person)}-tag`],
      customAttributes: { note: `${canaryOf(person)}-note` },
    },
  },
  {
    type: 'Personalize',
    pushRegistrationId: `installation-${person}`,
    userIdentity: { phones: [phoneOf(person)] },
  },
  { type: 'SaveUser', target: { phone: phoneOf(person) }, user: { lastName: canaryOf(person) } },
]

const executeAll = async (worker: Worker, commands: ReadonlyArray<unknown>): Promise<void> => {
  for (let at = 0; at < commands.length; at += groupCommands) {
    const results = answered<ReadonlyArray<{ refused?: unknown }>>(
      await worker.call('executeAll', commands.slice(at, at + groupCommands)),
    )
    for (const { refused } of results)
      if (refused !== undefined)
        throw new Error(`a command of the story: ${JSON.stringify(refused)}`)
  }
}

/** Each is merged into somebody living, says something of its installation, and is parted again. */
const mergeAndPart = async (
  worker: Worker,
  people: ReadonlyArray<number>,
  living: ReadonlyArray<number>,
): Promise<void> => {
  const pairs = people.map((person, i) => ({
    person,
    survivor: { phone: phoneOf(living[i] ?? 0) },
  }))
  const ids: string[] = []
  for (const { person } of pairs) {
    const { id } = answered<{ id: string }>(
      await worker.call('fetchUser', { phone: phoneOf(person) }),
    )
    ids.push(id)
  }
  await executeAll(
    worker,
    pairs.map(({ person, survivor }) => ({
      type: 'MergeUsers',
      users: [survivor, { phone: phoneOf(person) }],
      survivor,
    })),
  )
  await executeAll(
    worker,
    pairs.map(({ person }) => ({
      type: 'SaveInstallation',
      pushRegistrationId: `installation-${person}`,
      device: { deviceName: `${canaryOf(person)}-meanwhile` },
    })),
  )
  await executeAll(
    worker,
    pairs.map(({ survivor }, i) => ({ type: 'UnmergeUsers', survivor, absorbed: ids[i] })),
  )
}

/** Which files of a folder hold a word in any coding, and where. */
const findIn = (folder: string, words: ReadonlyArray<string>): ReadonlyArray<string> =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (!statSync(path).isFile()) return []
    const bytes = readFileSync(path)
    return words.flatMap((word) =>
      codings(word).flatMap((coded, coding) => {
        const at = bytes.indexOf(coded)
        return at < 0 ? [] : [`${word}, coding ${coding}, in ${name} at ${at}`]
      }),
    )
  })

const search = async (
  trial: Trial,
  worker: Worker,
  when: string,
  words: ReadonlyArray<string>,
  folder: string,
) => {
  // Every canary begins with the stem, those of the living too: nobody's stands in the clear.
  const found = findIn(folder, [stem])
  if (found.length > 0) trial.broken(`no byte of any file holds a canary ${when}`, found)
  const shown = answered<ReadonlyArray<string>>(await worker.call('contains', words, slow_ms))
  if (shown.length > 0) trial.broken(`nobody who is erased is shown ${when}`, shown)
}

/** Exports a closed file; tells how many lines it has. */
const searchExport = async (
  trial: Trial,
  when: string,
  { file, masterFile }: { readonly file: string; readonly masterFile: string },
  people: number,
  erased: ReadonlyArray<number>,
): Promise<number> => {
  // Beside the files that are searched byte by byte: the living stand in it.
  const folder = join(trial.folder, 'exports')
  mkdirSync(folder, { recursive: true })
  const to = join(folder, `${when.replaceAll(' ', '-')}.ndjson`)
  exportTo(to, file, masterFile)
  const { lines, canaries, numbers } = await readExport(to)
  const shown = erased.filter(
    (person) => canaries.has(canaryOf(person)) || numbers.has(phoneOf(person).slice(1)),
  )
  if (shown.length > 0)
    trial.broken(`nobody who is erased stands in an export ${when}`, shown.slice(0, 20))
  const gone = new Set(erased)
  for (let person = 0; person < people; person += 1)
    if (
      !gone.has(person) &&
      !(canaries.has(canaryOf(person)) && numbers.has(phoneOf(person).slice(1)))
    )
      trial.broken(`the living stand in an export ${when}, which shows that this test sees`, person)
  return lines
}

export const erasure: Scenario = {
  name: 'erasure',
  promise: 'values of the erased stand in no byte, nor come back with a backup',
  run: async (trial) => {
    const people = trial.runs(400, 20_000)
    const erased = trial.random
      .shuffled(Array.from({ length: people }, (_, i) => i))
      .slice(0, Math.ceil(people / 10))
    // Some of the erased are merged before: whoever is absorbed is erased as well.
    const merged = new Set(erased.filter((_, i) => i % 4 === 1))
    // Others were merged with somebody living, and parted again: the living keep nothing of theirs.
    const parted = erased.filter((_, i) => i % 4 === 3)
    const folder = trial.folder
    const file = join(folder, 'people.db')
    const worker = startWorker(trial.worker)
    answered(await worker.call('open', { file }))
    await executeAll(
      worker,
      Array.from({ length: people }, (_, i) =>
        commandsFor(i, merged.has(i) || parted.includes(i)),
      ).flat(),
    )
    const living = Array.from({ length: people }, (_, i) => i).filter((i) => !erased.includes(i))
    await mergeAndPart(worker, parted, living)
    for (const [i, person] of [...merged].entries()) {
      const survivor = erased[i * 4] ?? person
      await executeAll(worker, [
        {
          type: 'MergeUsers',
          users: [phoneOf(person), phoneOf(survivor)].map((phone) => ({ phone })),
        },
      ])
    }
    answered(await worker.call('backup', { to: join(folder, 'before.backup') }, slow_ms))
    answered(await worker.call('backupKeys', { to: join(folder, 'before.keys') }))
    await executeAll(
      worker,
      erased
        .filter((person) => !merged.has(person))
        .map((person) => ({
          type: 'EraseUser',
          target: { phone: phoneOf(person) },
          reason: 'asked',
        })),
    )
    const words = erased.map(canaryOf)
    const phones = erased.map(phoneOf).filter((_, i) => i % 20 === 0)
    await search(trial, worker, 'while the store is open', words, folder)
    const digits = findIn(folder, phones)
    if (digits.length > 0) trial.broken('no byte of any file holds a phone number', digits)
    answered(await worker.call('close', null))
    answered(await worker.call('open', { file }))
    await search(trial, worker, 'after opening again', words, folder)
    answered(await worker.call('close', null))
    const masterFile = `${file}-master`
    const lines = await searchExport(trial, 'of the log', { file, masterFile }, people, erased)
    answered(
      await worker.call(
        'restore',
        {
          file: join(folder, 'restored.db'),
          backup: join(folder, 'before.backup'),
          keyBackup: join(folder, 'before.keys'),
          knownErasures: `${file}-keys`,
          masterFile,
        },
        slow_ms,
      ),
    )
    answered(
      await worker.call('open', {
        file: join(folder, 'restored.db'),
        masterFile,
      }),
    )
    await search(trial, worker, 'after a backup from before is restored', words, folder)
    answered(await worker.call('close', null))
    await worker.end()
    const restored = { file: join(folder, 'restored.db'), masterFile }
    await searchExport(trial, 'of the restored log', restored, people, erased)
    return {
      runs: erased.length,
      figures: `${erased.length} erased among ${people}, ${merged.size} of them absorbed and ${parted.length} parted from somebody living; no vacuum; ${codings(stem).length} codings; exports of ${lines} lines before and after a restore hold all ${people - erased.length} living`,
    }
  },
}
