// Where time comes from. Core reads no clock: a store is given one when it is opened.

/**
 * Milliseconds since 1970-01-01T00:00:00Z.
 * @since 0.1.0
 * @category Ports
 */
export type Clock = () => number
