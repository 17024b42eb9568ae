// Plays the commands of a file one by one and says of each whether the story goes as it should.

import { readFileSync } from 'node:fs'
import { canonicalJson, type Engine, type Json, type Receipt, type Refusal } from '@selfsame/core'
import type { Expected } from './story.js'

export type Asked = Readonly<Record<string, Json>>

export type Answer = Receipt | Refusal

/** The commands of a file of NDJSON. */
export const commandsIn = (file: string): ReadonlyArray<Asked> =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line))

/** What was answered under each command id so far. */
export type Remembered = Map<string, Receipt>

/**
 * Fills in the one thing that a file written before the run cannot know: `$absorbed:ID` is the user
 * that the command with the id ID absorbed, read from its receipt.
 */
const resolved = (command: Asked, remembered: Remembered): Asked => {
  const { absorbed } = command
  if (typeof absorbed !== 'string' || !absorbed.startsWith('$absorbed:')) return command
  const id = remembered.get(absorbed.slice('$absorbed:'.length))?.absorbed?.[0]
  return id === undefined ? command : { ...command, absorbed: id }
}

/** Executes one command. A failure of the machine ends the demo. */
export const play = async (
  engine: Engine,
  command: Asked,
  remembered: Remembered,
): Promise<Answer> => {
  const result = await engine.execute(resolved(command, remembered))()
  if (result._tag === 'Right') return result.right
  if ('error' in result.left) return result.left
  const { message, safe, advice } = result.left
  throw new Error(`${message}\n${safe}\n${advice}`)
}

const outcomeOf = (answer: Answer): string =>
  answer.ok ? answer.events.map((event) => event.type).join(' ') : answer.error.code

const isSame = (a: Answer, b: Answer | undefined): boolean =>
  b !== undefined &&
  canonicalJson(JSON.parse(JSON.stringify(a))) === canonicalJson(JSON.parse(JSON.stringify(b)))

/** What the story expected where it is not what happened, else null. */
export const surprise = (
  command: Asked,
  answer: Answer,
  expected: Expected,
  remembered: Remembered,
): string | null => {
  const before =
    typeof command.commandId === 'string' ? remembered.get(command.commandId) : undefined
  if (expected === 'again') return isSame(answer, before) ? null : 'the same receipt again'
  const wanted = typeof expected === 'string' ? expected : expected.join(' ')
  return outcomeOf(answer) === wanted ? null : wanted === '' ? 'nothing recorded' : wanted
}
