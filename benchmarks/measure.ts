// How figures are taken: contestants in turn (A B C A B C), so that whatever else the machine does meets
// all of them, and a median with its spread; a ratio is the median of the ratios of single rounds.

/** What one contestant did, round by round. */
export interface Measured {
  readonly name: string
  readonly rounds: ReadonlyArray<number>
}

/** What is wanted of one contestant, over another one or by itself. */
export interface Goal {
  readonly of: string
  readonly over: string | null
  readonly at: 'least' | 'most'
  readonly bound: number
}

/** One line of a table. */
export interface Row {
  readonly what: string
  readonly unit: string
  readonly measured: ReadonlyArray<Measured>
  readonly goals: ReadonlyArray<Goal>
}

export interface Spread {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

export const spreadOf = (values: ReadonlyArray<number>): Spread => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (i: number): number => sorted[i] ?? Number.NaN
  const middle = (sorted.length - 1) / 2
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    lowest: at(0),
    highest: at(sorted.length - 1),
  }
}

export interface Contender {
  readonly name: string
  /** One round; its figure, or null where it is not counted. */
  readonly round: (turn: number) => Promise<number | null>
}

/** Runs contestants in turn; turn 0 warms up and is not counted. */
export const inTurns = async (
  rounds: number,
  contenders: ReadonlyArray<Contender>,
): Promise<ReadonlyArray<Measured>> => {
  const figures = new Map<string, number[]>()
  for (let turn = 0; turn <= rounds; turn += 1)
    for (const { name, round } of contenders) {
      const figure = await round(turn)
      if (turn > 0 && figure !== null) figures.set(name, [...(figures.get(name) ?? []), figure])
    }
  return [...figures].map(([name, all]) => ({ name, rounds: all }))
}

export const roundsOf = (row: Row, name: string): ReadonlyArray<number> =>
  row.measured.find((one) => one.name === name)?.rounds ?? []

/** What a goal is measured by: figures, or where it is over another contestant their ratios. */
export const reachedBy = (row: Row, { of, over }: Goal): Spread => {
  const figures = roundsOf(row, of)
  const others = over === null ? [] : roundsOf(row, over)
  return spreadOf(
    over === null ? figures : figures.map((figure, i) => figure / (others[i] ?? Number.NaN)),
  )
}

export const isReached = (row: Row, goal: Goal): boolean => {
  const { median } = reachedBy(row, goal)
  return goal.at === 'least' ? median >= goal.bound : median <= goal.bound
}
