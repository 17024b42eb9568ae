// What goes wrong in the machine, as opposed to what the domain refuses.

/**
 * A fault of the machine. It says what happened, what is safe, and what to do about it.
 * @since 0.1.0
 * @category Failures
 */
export interface Failure {
  readonly _tag: 'Failure'
  readonly kind:
    | 'busy'
    | 'full'
    | 'corrupt'
    | 'closed'
    | 'incompatible'
    | 'key'
    | 'io'
    | 'unexpected'
  readonly message: string
  readonly safe: string
  readonly advice: string
}

/**
 * @since 0.1.0
 * @category Failures
 */
export const failure = (
  kind: Failure['kind'],
  message: string,
  safe: string,
  advice: string,
): Failure => ({ _tag: 'Failure', kind, message, safe, advice })

/**
 * The failure of a store that was closed.
 * @since 0.1.0
 * @category Failures
 */
export const closedFailure: Failure = failure(
  'closed',
  'the store is closed',
  'everything acknowledged before is recorded; this call recorded nothing',
  'open the store again',
)

/**
 * The failure that an error thrown while a command was decided amounts to.
 * @since 0.1.0
 * @category Failures
 */
export const bugFailure = (error: unknown): Failure =>
  failure(
    'unexpected',
    error instanceof Error ? error.message : 'deciding a command failed',
    'nothing of this call was recorded',
    'this is a bug in Selfsame or in a merge policy of yours: report it with the command',
  )
