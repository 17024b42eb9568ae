// Which events of a log a reader wants: the queries of dcb.events, over types and tags.

import type { Tag } from './tags.js'

/**
 * One item of a query: an event matches it when its type is one of `types` and it carries every one
 * of `tags`. An item without types matches every type, without tags every tag.
 * @since 0.1.0
 * @category Log
 */
export interface QueryItem {
  readonly types?: ReadonlyArray<string>
  readonly tags?: ReadonlyArray<Tag>
}

/**
 * An event matches a query when it matches one of its items; a query without items matches all.
 * @since 0.1.0
 * @category Log
 */
export type Query = ReadonlyArray<QueryItem>

/**
 * Whether an event of this type with these tags matches.
 * @since 0.1.0
 * @category Log
 */
export const matches = (query: Query, type: string, tags: ReadonlySet<Tag>): boolean =>
  query.length === 0 ||
  query.some(
    (item) =>
      (item.types === undefined || item.types.length === 0 || item.types.includes(type)) &&
      (item.tags ?? []).every((tag) => tags.has(tag)),
  )
