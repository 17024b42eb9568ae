// `selfsame preview`: what a command would do, as a plan that `selfsame exec` can carry out.

import type { Failure, Preview, Refusal } from '@selfsame/core'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import { type ExitStatus, exit } from '../exit.js'
import { openInput, parseText, refusedText, tooLong, wholeTextOf } from '../input.js'
import type { Io } from '../io.js'
import { withEngine } from '../open.js'
import {
  addFile,
  addRules,
  type FileOption,
  filesIn,
  type RuleOptions,
  rulesIn,
} from '../options.js'
import { jsonLine } from '../output.js'
import { whose } from '../whose.js'

type PreviewOptions = FileOption &
  RuleOptions &
  AccessOption & { readonly in?: string; readonly pretty?: true }

export const addPreview = (program: Command, io: Io): void => {
  const command = program
    .command('preview')
    .summary('what one command would do, without doing it')
    .description(
      'Reads one command and prints what it would do: {"outcome":"planned","plan":...}, the ' +
        'refusal, or the receipt that its command id remembers. Nothing of it is recorded. ' +
        'The plan is a line for `selfsame exec`, which does exactly that, once, or refuses.',
    )
  addFile(command).option('--in <FILE>', 'read the command from a file, not from stdin')
  addAccessLog(addRules(command))
    .option('--pretty', 'JSON that is indented for a person')
    .addHelpText('after', example)
    .action(async (options: PreviewOptions) => io.end(await show(io, options)))
}

const example = `
Exit status: 2 where the command would be refused.

Example:
  $ echo '{"type":"Depersonalize","pushRegistrationId":"ada-phone"}' |
      selfsame preview --db shop.db | jq -c .plan > plan.ndjson
  $ selfsame exec --db shop.db --in plan.ndjson`

const show = async ({ stdin, output }: Io, options: PreviewOptions): Promise<ExitStatus> => {
  const input = await openInput(stdin, options.in)
  if (E.isLeft(input)) return output.fail(input.left)
  const text = await wholeTextOf(input.right)
  if (E.isLeft(text)) return output.fail(text.left)
  const command = readText(text.right)
  return withEngine(
    output,
    { ...filesIn(options), mode: 'existing', rules: rulesIn(options) },
    async (engine, store) => {
      const found: E.Either<Failure, Preview> = E.isLeft(command)
        ? E.right({ outcome: 'refused', refusal: command.left })
        : await engine.preview(command.right)()
      const preview = await onceRecorded(store, 'preview', options, found, whose.preview)
      if (E.isLeft(preview)) return answer(output, options, preview, () => '')
      const isPretty = options.pretty !== undefined || output.isTerminal
      const stopped = await output.write(jsonLine(preview.right, isPretty))
      return stopped ?? (preview.right.outcome === 'refused' ? exit.refused : exit.ok)
    },
  )
}

const readText = (text: string | null): E.Either<Refusal, unknown> => {
  if (text === null) return E.left(refusedText('LIMIT_EXCEEDED', tooLong))
  const parsed = parseText(text)
  return E.isRight(parsed) ? parsed : E.left(refusedText('REQUEST_FORMAT_INVALID', parsed.left))
}
