// What a change of a source is.

/** One change: what kind it is, and the text that stands for the node. */
export interface Mutation {
  readonly kind: string
  readonly to: string
}
