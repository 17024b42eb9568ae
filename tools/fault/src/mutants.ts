// Promises broken on purpose: each scenario must see its own. `pnpm fault --broken` builds the worker
// with one of these at a time and fails where the scenario does not notice.

export interface Mutant {
  readonly name: string
  readonly scenario: string
  /** The end of the path of the source that is changed. */
  readonly file: string
  readonly from: string
  readonly to: string
}

const store = 'packages/store-sqlite/src'

/** No promise is broken: a program of the next schema version, so that a migration can be faulted. */
export const oneMoreSchema: Mutant = {
  name: 'one more schema version',
  scenario: 'syscalls',
  file: `${store}/migrate.ts`,
  from: '\n]\n\n/** The schema version',
  to: `
  (db) => {
    db.exec('CREATE TABLE later (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT')
    db.exec('CREATE INDEX later_by_name ON later (name)')
  },
]

/** The schema version`,
}

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: 'a commit in fifty is undone, and answered as if it stood',
    scenario: 'kill',
    file: `${store}/write-lock.ts`,
    from: 'commit.run()',
    to: 'Math.random() < 0.02 ? rollback.run() : commit.run()',
  },
  {
    name: 'a command id is not remembered',
    scenario: 'kill',
    file: `${store}/append.ts`,
    from: 'if (remembered !== null) projections.remember(remembered)',
    to: '',
  },
  {
    name: 'an identity that is released is not freed',
    scenario: 'kill',
    file: `${store}/projections.ts`,
    from: 'if (to === null && from !== null) run(free, key, from)',
    to: '{}',
  },
  {
    name: 'a rotation ends before all keys are wrapped',
    scenario: 'kill',
    file: `${store}/rotate.ts`,
    from: 'await lock.hold(() => keyFile.rewrap(done, count, masters))',
    to: '',
  },
  {
    name: 'a store goes on after its disk failed',
    scenario: 'syscalls',
    file: `${store}/write-lock.ts`,
    from: 'broken ||= isDiskFault(error)',
    to: '',
  },
  {
    name: 'a key file is made in place',
    scenario: 'syscalls',
    file: `${store}/master-key-file.ts`,
    from: "writeFileSync(draft, content, { flag: 'wx', mode: ownerMode, flush: true })",
    to: `if (publish === linkSync) {
      closeSync(openSync(draft, 'wx', ownerMode))
      linkSync(draft, path)
      writeFileSync(path, content)
      return
    }
    writeFileSync(draft, content, { flag: 'wx', mode: ownerMode, flush: true })`,
  },
  {
    name: 'a rotation wipes a key before its new copy is durable',
    scenario: 'syscalls',
    file: `${store}/key-file.ts`,
    from: 'writeSync(descriptor, copy, 0, copy.length, offsetOf(slot) + offset)\n      if (copies',
    to: 'writeSync(descriptor, Buffer.alloc(slotBytes), 0, slotBytes, offsetOf(slot))\n      if (copies',
  },
  {
    name: 'a migration is more than one transaction',
    scenario: 'syscalls',
    file: `${store}/migrate.ts`,
    from: 'step(db)\n',
    to: "{ step(db); db.exec('COMMIT'); db.exec('BEGIN IMMEDIATE') }\n",
  },
  {
    name: 'commits are not synced',
    scenario: 'power-loss',
    file: `${store}/connection.ts`,
    from: "['synchronous', 'FULL', 2]",
    to: "['synchronous', 'OFF', 0]",
  },
  {
    name: 'new keys are not synced',
    scenario: 'power-loss',
    file: `${store}/key-file.ts`,
    from: 'writeSync(descriptor, bytes, 0, bytes.length, offsetOf(first))\n      fsyncSync(descriptor)',
    to: 'writeSync(descriptor, bytes, 0, bytes.length, offsetOf(first))',
  },
  {
    name: 'an erasure may be lost after its key is destroyed',
    scenario: 'power-loss',
    file: `${store}/finish-erasures.ts`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of the source, as it stands there.
    from: 'await lock.hold(() => db.pragma(`user_version = ${schemaVersion}`))',
    to: '',
  },
  {
    name: 'a full disk is not known as such',
    scenario: 'full-disk',
    file: `${store}/failure.ts`,
    from: "code.startsWith('SQLITE_FULL') || fullCodes.includes(code)",
    to: 'false',
  },
  {
    name: 'the owner of an identity is not looked up',
    scenario: 'races',
    file: `${store}/projections.ts`,
    from: 'identity: (key) => identity.get(identityDigest(key))',
    to: 'identity: () => undefined',
  },
  {
    name: 'keys of the erased are not destroyed',
    scenario: 'erasure',
    file: `${store}/user-keys.ts`,
    from: 'file.destroy(slots)',
    to: '',
  },
  {
    name: 'identity tags stand in the clear',
    scenario: 'erasure',
    file: `${store}/event-rows.ts`,
    from: 'isPersonalTag(tag) ?',
    to: 'false ?',
  },
  {
    name: 'events are not checked against their leaf hash',
    scenario: 'corruption',
    file: `${store}/event-rows.ts`,
    from: 'if (!isAsRecorded(row, boxes))',
    to: 'if (false)',
  },
  {
    name: 'a write-ahead log that was left behind is thrown away',
    scenario: 'corruption',
    file: `${store}/connection.ts`,
    from: 'const opened = new Sqlite(file',
    to: "process.getBuiltinModule('fs').rmSync(file + '-wal', { force: true }); const opened = new Sqlite(file",
  },
]
