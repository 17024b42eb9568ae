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
    to: "closeSync(openSync(draft, 'wx', ownerMode)); linkSync(draft, path); writeFileSync(path, content); return",
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
    from: 'if (!leafHash(leafOf(event, commitmentsIn(boxes))).equals(row.leaf_hash))',
    to: 'if (false)',
  },
]
