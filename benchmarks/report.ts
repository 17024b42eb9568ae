// A run as tables that a person reads: figures with their spread, goals with what was reached.

import { type Goal, isReached, type Measured, type Row, reachedBy, spreadOf } from './measure.js'
import type { Result } from './site.js'

/** Three digits that count, with a comma for the thousands. */
export const figure = (value: number): string => {
  if (!Number.isFinite(value)) return 'none'
  if (value === 0) return '0'
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  const rounded = Number(value.toPrecision(3))
  return rounded.toLocaleString('en-US', { maximumFractionDigits: Math.min(places, 3) })
}

const spread = ({ rounds }: Pick<Measured, 'rounds'>): string => {
  const { median, lowest, highest } = spreadOf(rounds)
  return rounds.length === 1
    ? figure(median)
    : `${figure(median)} (${figure(lowest)} to ${figure(highest)})`
}

export const goalText = ({ of, over, at, bound }: Goal, unit: string): string =>
  over === null
    ? `${of} at ${at} ${bound.toLocaleString('en-US')} ${unit}`
    : `${of} at ${at} ${bound} of ${over}`

/** One table in Markdown: a line for each row and contestant. */
export const tableOf = ({ title, text, rows }: Result): string => {
  const lines = rows.flatMap((row) =>
    row.measured.map(({ name, rounds }) => {
      const ratio = row.goals.find(({ of, over }) => of === name && over !== null)
      const said = row.goals
        .filter(({ of }) => of === name)
        .map((goal) => {
          const { median, lowest, highest } = reachedBy(row, goal)
          const found =
            goal.over === null ? '' : `${figure(median)} (${figure(lowest)} to ${figure(highest)}) `
          return `${found}${goal.over === null ? '' : `of ${goal.over}`}`.trim()
        })
        .filter((one) => one !== '')
      return `| ${row.what} | ${name} | ${spread({ rounds })} ${row.unit} | ${ratio === undefined ? '' : said.join('; ')} |`
    }),
  )
  return [
    `## ${title}`,
    '',
    text,
    '',
    '| what | who | median (lowest to highest) | ratio |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}

const goalLine = (title: string, row: Row, goal: Goal): string => {
  const { median, lowest, highest } = reachedBy(row, goal)
  const unit = goal.over === null ? ` ${row.unit}` : ''
  const range = lowest === highest ? '' : ` (${figure(lowest)} to ${figure(highest)})`
  return `| ${title}: ${row.what} | ${goalText(goal, row.unit)} | ${figure(median)}${unit}${range} | ${isReached(row, goal) ? 'reached' : '**not reached**'} |`
}

/** Every goal, and whether it was reached, in words. */
export const goalsOf = (results: ReadonlyArray<Result>): string => {
  const lines = results.flatMap(({ title, rows }) =>
    rows.flatMap((row) => row.goals.map((goal) => goalLine(title, row, goal))),
  )
  return ['| what | goal | measured | |', '| --- | --- | --- | --- |', ...lines].join('\n')
}
