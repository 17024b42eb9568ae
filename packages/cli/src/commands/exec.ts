// `selfsame exec`: commands in, a line each; receipts and refusals out, a line each, in order, and
// only once they are durable. It answers what there is, so a peer may write one line and wait.

import { type Engine, type Failure, failure, type Receipt, type Refusal } from '@selfsame/core'
import type { SqliteStore } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type AccessOption, addAccessLog, onceRecorded, refusedActor } from '../access-log.js'
import { answer, isRefusal } from '../answer.js'
import { type ExitStatus, exit } from '../exit.js'
import { type Input, lineGroupsOf, openInput, parseText, refusedText, tooLong } from '../input.js'
import type { Io } from '../io.js'
import type { Line } from '../lines.js'
import { withEngine } from '../open.js'
import {
  addDurability,
  addFile,
  addRules,
  type DurabilityOption,
  type FileOption,
  filesIn,
  type RuleOptions,
  rulesIn,
} from '../options.js'
import { jsonLine, type Output } from '../output.js'
import { openTally, type Tally } from '../tally.js'
import { whose } from '../whose.js'

const batchMax = 256

type ExecOptions = FileOption &
  DurabilityOption &
  RuleOptions &
  AccessOption & { readonly in?: string }

export const addExec = (program: Command, io: Io): void => {
  const command = program
    .command('exec')
    .summary('run commands: NDJSON in, NDJSON out')
    .description(
      'Runs commands, one JSON object a line, and prints one JSON result a line, in order: a ' +
        'receipt, a refusal {"ok":false,"error":...} or a failure {"ok":false,"failure":...}. ' +
        'A result is printed once it is durable. A plan of `selfsame preview` may stand on a ' +
        'line too. Blank lines are skipped. FILE is made where it does not exist, with its keys.',
    )
  addFile(command).option('--in <FILE>', 'read the commands from a file, not from stdin')
  addAccessLog(addDurability(addRules(command)))
    .addHelpText('after', example)
    .action(async (options: ExecOptions) => io.end(await exec(io, options)))
}

const example = `
Exit status: 1 if a command ended in a failure of the machine, 0 otherwise,
refusals included.

Example:
  $ echo '{"type":"CreateUser","userIdentity":{"emails":["ada@example.com"]}}' |
      selfsame exec --db shop.db`

const exec = async ({ stdin, output }: Io, options: ExecOptions): Promise<ExitStatus> => {
  const refused = refusedActor(options)
  if (refused !== null) return answer(output, {}, E.left(refused), () => '')
  const input = await openInput(stdin, options.in)
  if (E.isLeft(input)) return output.fail(input.left)
  return withEngine(
    output,
    { ...filesIn(options), mode: 'create', rules: rulesIn(options) },
    async (engine, store) => {
      const tally = openTally(output, stdin.isTTY === true && options.in === undefined)
      const record: Recording = (results) => recorded(store, options, results)
      const status = await runAll({ engine, output, tally, record }, input.right)
      tally.close()
      return status === exit.ok && tally.failures() > 0 ? exit.failed : status
    },
  )
}

interface Run {
  readonly engine: Engine
  readonly output: Output
  readonly tally: Tally
  /** Records whom the results show, before they are printed; what stood against it where it cannot. */
  readonly record: Recording
}

type Recording = (results: ReadonlyArray<Result>) => Promise<Failure | null>

const runAll = async (
  { engine, output, tally, record }: Run,
  input: Input,
): Promise<ExitStatus> => {
  for await (const lines of lineGroupsOf(input)) {
    if (E.isLeft(lines)) {
      tally.close()
      return output.fail(lines.left)
    }
    for (let from = 0; from < lines.right.length; from += batchMax) {
      const results = await resultsOf(engine, lines.right.slice(from, from + batchMax))
      tally.clear()
      const unrecorded = await record(results)
      if (unrecorded !== null) {
        tally.close()
        return output.fail(unrecorded)
      }
      const stopped = await output.write(
        results.map((one) => jsonLine(printed(one), false)).join(''),
      )
      if (stopped !== null) return stopped
      tally.add(results)
    }
  }
  return exit.ok
}

type Result = E.Either<Refusal | Failure, Receipt>

const recorded = async (
  store: SqliteStore,
  options: ExecOptions,
  results: ReadonlyArray<Result>,
): Promise<Failure | null> => {
  const receipts = E.right(results.flatMap((one) => (E.isRight(one) ? [one.right] : [])))
  const shown = await onceRecorded(store, 'exec', options, receipts, whose.receipts)
  if (E.isRight(shown)) return null
  const { message } = isRefusal(shown.left) ? shown.left.error : shown.left
  return failure(
    isRefusal(shown.left) ? 'unexpected' : shown.left.kind,
    `that the results are shown cannot be recorded: ${message}`,
    'what was executed is recorded; its results from here on were not printed',
    'give the commands again: those with a commandId give their receipts',
  )
}

/** One result a line, in order; the lines that hold JSON are executed together. */
const resultsOf = async (
  engine: Engine,
  lines: ReadonlyArray<Line>,
): Promise<ReadonlyArray<Result>> => {
  const read = lines.map(readLine)
  const executed = await engine.executeAll(
    read.flatMap((line) => (E.isRight(line) ? [line.right] : [])),
  )()
  let at = 0
  return read.map((line): Result => {
    if (E.isLeft(line)) return line
    const result = executed[at++]
    if (result === undefined) throw new Error('the engine gave fewer results than commands')
    return result
  })
}

const readLine = (line: Line): E.Either<Refusal, unknown> => {
  if ('fault' in line)
    return E.left(
      line.fault === 'too-long'
        ? refusedText('LIMIT_EXCEEDED', tooLong, line.number)
        : refusedText('REQUEST_FORMAT_INVALID', 'is not UTF-8', line.number),
    )
  const parsed = parseText(line.text)
  return E.isRight(parsed)
    ? parsed
    : E.left(refusedText('REQUEST_FORMAT_INVALID', parsed.left, line.number))
}

const printed = (result: Result): unknown => {
  if (E.isRight(result)) return result.right
  if (isRefusal(result.left)) return result.left
  const { kind, message, safe, advice } = result.left
  return { ok: false, failure: { kind, message, safe, advice } }
}
