// The tables of a file. `events`, `boxes`, `tags`, `commands`, `user_keys` and `secrets` are the log;
// `tiles` are the full tiles of its Merkle tree,
// computed from it; the rest are projections, which a rebuild throws away and makes again. What is personal stands here
// only sealed, or as a keyed digest.

/** Says that a SQLite file is Selfsame's: "Self" in ASCII. */
export const applicationId = 0x53656c66

/** The projections: changed in the transaction that appends, never read to decide what happened. */
export const projections = [
  'users',
  'installations',
  'identities',
  'tokens',
  'definitions',
] as const

/** What `rebuild.stale` says of a file: nothing, that somebody was erased since, that it is a backup. */
export const rebuildState = { good: 0, stale: 1, backup: 2 } as const

/** Live tables have no suffix. */
export type Suffix = '' | '_new'

export const createLog = `
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  recorded_at TEXT NOT NULL,
  occurred_at TEXT NOT NULL,
  command_id TEXT,
  actor TEXT,
  correlation_id TEXT,
  causation_id TEXT,
  payload TEXT NOT NULL,
  leaf_hash BLOB NOT NULL
) STRICT;
CREATE INDEX events_by_type ON events (type, position);
CREATE TABLE boxes (
  position INTEGER NOT NULL REFERENCES events (position),
  owner TEXT NOT NULL,
  commitment BLOB NOT NULL,
  sealed BLOB,
  PRIMARY KEY (position, owner)
) STRICT, WITHOUT ROWID;
CREATE INDEX boxes_by_owner ON boxes (owner) WHERE sealed IS NOT NULL;
CREATE TABLE tags (
  tag TEXT NOT NULL,
  position INTEGER NOT NULL REFERENCES events (position),
  PRIMARY KEY (tag, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_by_position ON tags (position) WHERE tag LIKE 'identity:%';
CREATE TABLE commands (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  position INTEGER NOT NULL,
  count INTEGER NOT NULL,
  user_id TEXT,
  installation_id TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE user_keys (
  user_id TEXT PRIMARY KEY,
  slot INTEGER NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('live', 'doomed', 'erased'))
) STRICT, WITHOUT ROWID;
CREATE INDEX user_keys_doomed ON user_keys (state) WHERE state = 'doomed';
CREATE TABLE rebuild (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL,
  stale INTEGER NOT NULL
) STRICT;
CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  master_version INTEGER NOT NULL,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
`

/** Full tiles only: 256 hashes, and the hash of the subtree that they span. */
export const createTiles = `
CREATE TABLE tiles (
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  root BLOB NOT NULL,
  PRIMARY KEY (level, number)
) STRICT;
`

/** The projections' tables; `suffix` tells those that a rebuild is making beside the live ones. */
export const createProjections = (suffix: Suffix, index: string): string => `
CREATE TABLE users${suffix} (
  id TEXT PRIMARY KEY,
  status TEXT NOT NULL,
  into_id TEXT,
  merged INTEGER,
  owner TEXT,
  row BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ${index} ON users${suffix} (into_id, merged) WHERE into_id IS NOT NULL;
CREATE TABLE installations${suffix} (
  id TEXT PRIMARY KEY,
  owner TEXT,
  row BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE identities${suffix} (
  key BLOB PRIMARY KEY,
  user_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tokens${suffix} (
  key BLOB PRIMARY KEY,
  installation_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE definitions${suffix} (
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  row TEXT NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
`

/** The two names of the one index: a rebuild takes the one that the live table does not have. */
export const absorbedIndexes = ['users_absorbed', 'users_absorbed_b'] as const
