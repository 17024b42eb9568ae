// Answers that an engine keeps, by the text of what was asked, for as long as nothing at all is written:
// a store that can tell says so by its version, and whatever changes it drops every answer.

import type { Store } from '../ports/store.js'
import { E, type Either } from '../prelude.js'
import { isRecord } from '../values/json.js'

/** How many answers an engine keeps; one more drops them all. */
const keptMax = 2000
/** Longer texts than any identity has are not kept. */
const textMax = 512

/** A question of one name and one text, as a user reference is one. */
export interface Asked {
  readonly text: string
  /** The question again, in an object of our own: what a caller gave may read otherwise each time. */
  readonly input: Readonly<Record<string, string>>
}

/** What of an input can be kept by: undefined where it is anything but one name and a short text. */
export const askedIn = (input: unknown, names: ReadonlySet<string>): Asked | undefined => {
  try {
    if (!isRecord(input) || Object.getPrototypeOf(input) !== Object.prototype) return undefined
    const [name, ...others] = Object.keys(input)
    if (name === undefined || others.length > 0 || !names.has(name)) return undefined
    const value = input[name]
    return typeof value === 'string' && value.length <= textMax
      ? { text: `${name}:${value}`, input: { [name]: value } }
      : undefined
  } catch {
    // A getter or a proxy of the caller's: whoever decodes it says what is wrong with it.
    return undefined
  }
}

export interface KeptAnswers<Answer> {
  /** An answer that is still true; undefined where it has to be found. */
  readonly get: (text: string) => Either<never, Answer> | undefined
  /** Finds an answer that `get` just had none of, and keeps it if nothing was written meanwhile. */
  readonly find: <L>(
    text: string,
    find: () => Promise<Either<L, Answer>>,
  ) => Promise<Either<L, Answer>>
  /** Forgets all of them: something was written. */
  readonly drop: () => void
}

/** What is given to be kept must be frozen: whoever asks again gets the very same. */
export const openKeptAnswers = <Answer>(
  { version = () => undefined }: Pick<Store, 'version'>,
  most = keptMax,
): KeptAnswers<Answer> => {
  const answers = new Map<string, Either<never, Answer>>()
  let of: number | undefined
  /** The store's version; what is kept of another one is dropped. */
  const now = (): number | undefined => {
    const current = version()
    if (current !== of) answers.clear()
    of = current
    return current
  }
  return {
    get: (text) => (now() === undefined ? undefined : answers.get(text)),
    find: async (text, find) => {
      const before = of
      const found = await find()
      // What was read before somebody wrote must not be kept as what there is now.
      if (E.isRight(found) && before !== undefined && now() === before) {
        if (answers.size >= most) answers.clear()
        answers.set(text, found)
      }
      return found
    },
    drop: () => answers.clear(),
  }
}
