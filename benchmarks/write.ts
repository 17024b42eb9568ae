// Writes a run for programs and for people: results.json, docs/performance.md, and its plots.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isReached, reachedBy, spreadOf } from './measure.js'
import { type Plot, plotOf } from './plot.js'
import { figure, goalsOf, tableOf } from './report.js'
import type { Results } from './results.js'
import type { Result } from './site.js'

const root = join(import.meta.dirname, '..')

/** The rates of a table, a group of bars for each row. */
const ratesPlot = ({ title, rows }: Result): Plot => ({
  title: `${title}: commands a second`,
  left: 170,
  mark: null,
  groups: rows
    .filter(({ unit }) => unit === 'a second')
    .map(({ what, measured }) => ({
      label: what,
      bars: measured.map(({ name, rounds }) => {
        const { median } = spreadOf(rounds)
        return { kind: name, value: median, shown: `${figure(median)} ${name}` }
      }),
    })),
})

/** What is more than twice a goal is drawn as twice. */
const drawnMax = 2

/** Every goal as a bar that reaches the line where the goal is reached. */
const goalsPlot = (tables: ReadonlyArray<Result>): Plot => ({
  title: 'What was measured, as a part of each goal',
  left: 430,
  mark: { value: 1, label: 'the goal' },
  groups: tables.flatMap(({ title, rows }) =>
    rows.flatMap((row) =>
      row.goals.map((goal) => {
        const { median } = reachedBy(row, goal)
        const part = goal.at === 'least' ? median / goal.bound : goal.bound / median
        const than = goal.over === null ? '' : ` of the goal over ${goal.over}`
        return {
          label: `${title}: ${row.what}`,
          bars: [
            {
              kind: isReached(row, goal) ? 'reached' : 'not reached',
              value: Math.min(part, drawnMax),
              shown: `${figure(part)}${than}`,
            },
          ],
        }
      }),
    ),
  ),
})

/** The plots of a run by the names of their files. */
export const plotsOf = (
  tables: ReadonlyArray<Result>,
): ReadonlyArray<readonly [string, string]> => [
  ...tables
    .filter(({ name }) => name === 'one' || name === 'many')
    .map((table) => [`${table.name}.svg`, plotOf(ratesPlot(table))] as const),
  ['goals.svg', plotOf(goalsPlot(tables))],
]

const busyFrom = 0.5

const loadText = ({ before }: Results['load']): string =>
  before > busyFrom
    ? `The machine was busy with other work (load ${before} before the run): the figures are those of a\nbusy machine, and so are the ratios, though less.`
    : `The machine had nothing else to do (load ${before} before the run).`

export const performanceText = (results: Results): string => {
  const { machine, sizes, tables, peers } = results
  const plots = plotsOf(tables).map(([name]) => name)
  const shown = (name: string): string =>
    plots.includes(`${name}.svg`) ? `\n![${name}](performance/${name}.svg)\n` : ''
  return `# Performance

Written by \`pnpm bench\` (seed ${results.seed}, ${results.form} form) on ${results.date.slice(0, 10)}; the figures of each round
stand in [results.json](../benchmarks/results.json). ${machine.processor}, ${machine.cores} cores,
${machine.memory_gib} GiB, ${machine.system}, ${machine.fileSystem}; Node ${machine.node}, SQLite ${machine.sqlite}; commit ${machine.commit}.
${loadText(results.load)}

All contestants run in turn on the same file system, ${sizes.rounds} round${sizes.rounds === 1 ? '' : 's'} after one to warm up, each in a
process of its own. A ratio is the median of the ratios of single rounds. Ratios travel to another
machine, figures do not.

## Goals
${goalsOf(tables)}
${shown('goals')}
${tables.map((table) => tableOf(table) + shown(table.name)).join('\n')}
## Who is compared
- **ours**: \`openSqliteEngine\` as an embedder uses it. Each command is decoded, decided against the
  users it concerns, sealed, and carries a \`commandId\`, so that it is done once.
- **raw**: [a program](../benchmarks/contestants/raw.ts) over better-sqlite3 alone that writes the same
  rows for the same commands: tables, boxes, commitments, digests, leaf hashes, keys, at the same
  settings. A test lets Selfsame verify and rebuild the file it wrote. It decodes nothing, checks next
  to nothing, and gives no receipt.
- **emmett-sqlite**: ${peers.length === 0 ? 'left out of this run: it was not installed.' : `${peers.join(', ')}, with its driver sqlite3 5.1.7, at \`synchronous=FULL\` (asserted).`} As
  shipped it opens a connection for each call and throws SQLITE_BUSY when calls meet; a command is then
  tried again after a short random wait. At its best it is given one connection for all calls.

Stores on PostgreSQL (Emmett, Castore) are left out: they would need a server beside the run, and a
round trip to it is another thing than a call into a file. \`@dcb-es/event-store-postgres\` does not
install from the registry as it is published, and \`boundlessdb\` is not in it.

## Run it
\`pnpm bench\` measures everything (it installs emmett-sqlite into \`benchmarks/peers\` first, which
compiles a second SQLite); \`--medium\` takes a quarter of an hour, the largest logs left out;
\`--short\` takes less than two minutes and writes nothing; \`--only NAME\`
takes one of ${tables.map(({ name }) => `\`${name}\``).join(', ')}; \`--cpu-prof\` prints the functions in which the time went.
`
}

/** Writes everything below a folder, the repository's by default. */
export const writeReport = (results: Results, folder = root): void => {
  mkdirSync(join(folder, 'docs/performance'), { recursive: true })
  mkdirSync(join(folder, 'benchmarks'), { recursive: true })
  writeFileSync(join(folder, 'benchmarks/results.json'), `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(join(folder, 'docs/performance.md'), performanceText(results))
  for (const [name, svg] of plotsOf(results.tables))
    writeFileSync(join(folder, 'docs/performance', name), svg)
}
