// The choices an embedder makes when an engine is opened.

import type { Rules } from '../commands/decision.js'
import { latestWins, type MergePolicy, survivorFirst } from '../merge/policy.js'
import type { IdSource } from '../ports/id-source.js'
import type { Store } from '../ports/store.js'
import { E } from '../prelude.js'
import { Token } from '../values/token.js'

/**
 * What an engine is opened with. Beside the two ports everything has a default: `policies` adds to
 * `survivor-first` and `latest-wins`, and `defaultPolicy` names the one that `MergeUsers` uses.
 * @since 0.1.0
 * @category Engine
 */
export interface EngineOptions {
  readonly store: Store
  readonly idSource: IdSource
  readonly personalizeUnknownIdentity?: Rules['personalizeUnknownIdentity']
  readonly anonymousData?: Rules['anonymousData']
  readonly policies?: ReadonlyArray<MergePolicy>
  readonly defaultPolicy?: string
}

/** The rules that decisions go by. Throws where the policies are misnamed: a bug in the embedder. */
export const rulesOf = (options: EngineOptions): Rules => {
  const known = [...(options.policies ?? []), survivorFirst, latestWins]
  const named = options.defaultPolicy ?? survivorFirst.name
  const first = known.find(({ name }) => name === named)
  if (first === undefined) throw new Error(`there is no merge policy ${named}`)
  const names = known.map(({ name }) => name)
  const wrong = names.find((name, i) => !E.isRight(Token.decode(name)) || names.indexOf(name) !== i)
  if (wrong !== undefined)
    throw new Error(`a merge policy needs a name of its own, and a token for it: ${wrong}`)
  return {
    personalizeUnknownIdentity: options.personalizeUnknownIdentity ?? 'refuse',
    anonymousData: options.anonymousData ?? 'fill',
    policies: [first, ...known.filter((policy) => policy !== first)],
  }
}
