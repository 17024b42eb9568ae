// Commands as a caller writes them: plain JSON, before any value is parsed.

import type { Command, CommandType } from '../commands/index.js'
import type { t } from '../prelude.js'
import type { AttributeValue, CustomAttributesPatch } from '../values/attribute.js'

/**
 * A patch of custom attributes: null removes one, null as a whole clears all.
 * @since 0.1.0
 * @category Inputs
 */
export type CustomAttributesInput = Readonly<Record<string, AttributeValue | null>> | null

type Plain<A> =
  A extends t.Branded<string, infer _>
    ? string
    : A extends CustomAttributesPatch
      ? CustomAttributesInput
      : A extends ReadonlyArray<infer Element>
        ? ReadonlyArray<Plain<Element> | null> | null
        : A extends object
          ? { readonly [K in keyof A]: Plain<A[K]> }
          : A

/**
 * The input of the command of a type, without its `type`.
 * @since 0.1.0
 * @category Inputs
 */
export type InputOf<Type extends CommandType> = Plain<
  Omit<Extract<Command, { readonly type: Type }>, 'type'>
>
