// How figures are taken: several rounds, the median of them, its spread, and a table to read.

/** One figure: what was measured, how many a second (median, lowest, highest), and against what. */
export interface Row {
  readonly what: string
  readonly perSecond: number
  readonly lowest: number
  readonly highest: number
  readonly note: string
}

/** Runs `work` that does `count` things, `rounds` times, and gives the rate. */
export const measure = async (
  what: string,
  count: number,
  work: () => unknown,
  { rounds = 5, note = '' }: { readonly rounds?: number; readonly note?: string } = {},
): Promise<Row> => {
  const rates: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const start = process.hrtime.bigint()
    await work()
    rates.push(count / (Number(process.hrtime.bigint() - start) / 1e9))
  }
  rates.sort((a, b) => a - b)
  const at = (i: number): number => rates[i] ?? 0
  return {
    what,
    perSecond: at(Math.floor(rates.length / 2)),
    lowest: at(0),
    highest: at(rates.length - 1),
    note,
  }
}

const number = (value: number): string => Math.round(value).toLocaleString('en-US')

/** Prints rows as a Markdown table. */
export const print = (rows: ReadonlyArray<Row>): void => {
  console.log('| what | a second (median) | lowest to highest | note |')
  console.log('| --- | ---: | --- | --- |')
  for (const { what, perSecond, lowest, highest, note } of rows)
    console.log(
      `| ${what} | ${number(perSecond)} | ${number(lowest)} to ${number(highest)} | ${note} |`,
    )
}
