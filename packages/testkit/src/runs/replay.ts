// A story that broke a law as a file that `selfsame exec` plays. Ids are the engine's to draw, so a
// command whose new ids are named later stands there as a plan, which carries the seed of its ids.

import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineOptions, Json, Receipt } from '@selfsame/core'
import { isObject } from '../arbitraries/symbols.js'
import type { Step } from './transcript.js'

/** Where failures are written unless a run is told otherwise. */
export const failuresFolder = (): string => join(tmpdir(), 'selfsame-failures')

/**
 * The commands of a story, one a line, as `selfsame exec --in FILE` reads them: previews are left out,
 * and every id is the one of the run that failed.
 *
 * @since 0.1.0
 * @category Runs
 */
export const replayLines = (steps: ReadonlyArray<Step>): ReadonlyArray<Json> => {
  const played = steps.filter(({ isPreview }) => !isPreview)
  // From the end: a plan foresees events, and they name ids of commands before it.
  const lines: Json[] = []
  let later = ''
  for (const { command, result } of [...played].reverse()) {
    const line = result._tag === 'Receipt' ? lineOf(command, result.receipt, later) : command
    lines.unshift(line)
    later += JSON.stringify(line)
  }
  return lines
}

/** A command that was accepted: as it is, or with its ids where a later line names one. */
const lineOf = (command: Json, receipt: Receipt, later: string): Json => {
  if (!isObject(command)) return command
  if (command.type === 'Plan')
    return holdsTimes(receipt.events) ? (command.command ?? null) : command
  const isNamed = newIds(command, receipt).some((id) => later.includes(id))
  return isNamed ? planOf(command, receipt) : command
}

/** The ids that an engine drew for what a command made. */
const newIds = (command: Readonly<Record<string, Json>>, { events }: Receipt) =>
  events.flatMap((event): ReadonlyArray<string> => {
    if (event.type === 'UserCreated') return [event.payload.userId]
    return event.type === 'InstallationRegistered' &&
      event.payload.pushRegistrationId !== command.pushRegistrationId
      ? [event.payload.pushRegistrationId]
      : []
  })

/** A merge tells times, and a plan that foresaw others is stale; none makes an id. */
const holdsTimes = (events: Receipt['events']): boolean =>
  events.some(({ type }) => type === 'UsersMerged' || type === 'UsersUnmerged')

const planOf = (command: Json, { events }: Receipt): Json => {
  const [first] = events
  if (first === undefined || holdsTimes(events)) return command
  const plan: Json = JSON.parse(
    JSON.stringify({
      type: 'Plan',
      command,
      seed: seedOf(first.id),
      events: events.map(({ id, type, payload }) => ({ id, type, payload })),
    }),
  )
  return plan
}

/** Ids of one command differ from their seed in the bits that count only (`nthId` of core). */
const seedOf = (id: string): string => id.replace(/-7...-../, '-7000-80')

/** What a failure is called in its folder (a part of a file's name), and what it is played under. */
export interface Failed {
  readonly name: string
  readonly seed: number
  readonly steps: ReadonlyArray<Step>
  readonly rules: Pick<EngineOptions, 'personalizeUnknownIdentity' | 'anonymousData'>
}

/** A file that was written, or why it was not; the text says so to a person. */
export interface Written {
  readonly file: string | null
  readonly text: string
}

/** Writes a story for `selfsame exec`. A folder that cannot be written hides no failure. */
export const writeFailure = async (
  folder: string,
  { name, seed, steps, rules }: Failed,
): Promise<Written> => {
  const file = join(folder, `${name}-${seed}.ndjson`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(
      file,
      replayLines(steps)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    )
  } catch (error) {
    return { file: null, text: `The story could not be written: ${String(error)}` }
  }
  const options = [
    ...(rules.personalizeUnknownIdentity === 'extend'
      ? ['--personalize-unknown-identity extend']
      : []),
    ...(rules.anonymousData === 'leave' ? ['--anonymous-data leave'] : []),
  ]
  const play = ['selfsame exec', '--db played.db', `--in ${file}`, ...options].join(' ')
  return { file, text: `Play it: ${play}` }
}
