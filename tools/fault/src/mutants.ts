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
    name: 'commands are answered though the commit is undone',
    scenario: 'kill',
    file: `${store}/write-lock.ts`,
    from: 'commit.run()',
    to: 'Math.random() < 0.02 ? rollback.run() : commit.run()',
  },
]
