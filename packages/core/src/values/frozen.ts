// What is shared must not be changed by anybody who has it in hand.

/**
 * The same value, nobody's to change any more, nor any part of it. What is frozen is not walked again.
 * @since 0.1.0
 * @category Values
 */
export const frozen = <A>(value: A): A => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}
