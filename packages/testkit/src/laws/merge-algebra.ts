// The laws of merges: in which order the users are named does not matter, a merge given again is no
// merge, and undone it leaves everybody as they were (domain.md sections 7 and 8).

import { canonicalJson, type Engine, type Json, type Preview } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { isObject } from '../arbitraries/symbols.js'
import { type Violation, violation } from './violation.js'

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null))
const text = (value: unknown): string => canonicalJson(plain(value))

type Asked = Pick<Engine, 'execute' | 'preview' | 'fetchUser'>

/**
 * Previews a `MergeUsers` with its users in two orders, executes it, executes it again and undoes it
 * on a living engine, and tells which laws that breaks. It writes: give it an engine of a test.
 * A merge that is refused breaks none, if it is refused in both orders alike.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkMergeLaws = async (
  engine: Asked,
  command: Json,
): Promise<ReadonlyArray<Violation>> => {
  if (!isObject(command) || command.type !== 'MergeUsers' || !Array.isArray(command.users))
    return []
  const { commandId: _, ...anew } = command
  const users: ReadonlyArray<Json> = command.users
  const asGiven = await foreseen(engine, anew)
  const reversed = await foreseen(engine, { ...anew, users: [...users].reverse() })
  const found =
    asGiven === reversed
      ? []
      : [`depends on the order of its users: ${asGiven}, and in reverse ${reversed}`]
  return [...found, ...(await doneAndUndone(engine, anew))].map((message) =>
    violation('merge', `MergeUsers ${message}`),
  )
}

/** What a merge would do, ids of events and times of their recording aside. */
const foreseen = async (engine: Asked, command: Json): Promise<string> => {
  const preview = await engine.preview(command)()
  return E.isLeft(preview) ? `failure: ${preview.left.message}` : outcomeOf(preview.right)
}

const outcomeOf = (preview: Preview): string => {
  switch (preview.outcome) {
    case 'refused':
      return preview.refusal.error.code
    case 'remembered':
      return 'remembered'
    case 'planned':
      return text(preview.plan.events.map(({ type, payload }) => ({ type, payload })))
  }
}

const doneAndUndone = async (engine: Asked, command: Json): Promise<ReadonlyArray<string>> => {
  const preview = await engine.preview(command)()
  if (E.isLeft(preview) || preview.right.outcome !== 'planned') return []
  const { user, absorbed = [] } = preview.right.plan.receipt
  if (user === undefined || absorbed.length === 0) return []
  const parties = [user.id, ...absorbed]
  const before = await shown(engine, parties)
  const done = await engine.execute(command)()
  if (E.isLeft(done)) return [`does not what its preview told: ${JSON.stringify(done.left)}`]

  const again = await engine.execute({
    type: 'MergeUsers',
    users: parties.map((userId) => ({ userId })),
  })()
  const twice =
    E.isRight(again) && again.right.events.length === 0
      ? []
      : [`given again is not the same: ${JSON.stringify(again)}`]

  for (const id of [...absorbed].reverse()) {
    const undone = await engine.execute({
      type: 'UnmergeUsers',
      survivor: { userId: user.id },
      absorbed: id,
    })()
    if (E.isLeft(undone))
      return [...twice, `cannot be undone for ${id}: ${JSON.stringify(undone.left)}`]
  }
  const after = await shown(engine, parties)
  return [
    ...twice,
    ...parties.flatMap((id, i) =>
      before[i] === after[i] ? [] : [`undone leaves ${id} as ${after[i]}, who was ${before[i]}`],
    ),
  ]
}

const shown = async (engine: Asked, ids: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const views: string[] = []
  for (const userId of ids) views.push(text(await engine.fetchUser({ userId })()))
  return views
}
