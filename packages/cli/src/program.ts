// The command `selfsame`: its subcommands, its help, and the way every run ends.

import { failure } from '@selfsame/core'
import { Command, CommanderError } from 'commander'
import { addAsOf } from './commands/as-of.js'
import { addAudience } from './commands/audience.js'
import { addBackup } from './commands/backup.js'
import { addBackupKeys } from './commands/backup-keys.js'
import { addCheck } from './commands/check.js'
import { addCheckpoint } from './commands/checkpoint.js'
import { addDiff } from './commands/diff.js'
import { addErase } from './commands/erase.js'
import { addEvidence } from './commands/evidence.js'
import { addExec } from './commands/exec.js'
import { addExplain } from './commands/explain.js'
import { addExport } from './commands/export.js'
import { addHistory } from './commands/history.js'
import { addInstallation } from './commands/installation.js'
import { addLog } from './commands/log.js'
import { addPreview } from './commands/preview.js'
import { addProve } from './commands/prove.js'
import { addRebuild } from './commands/rebuild.js'
import { addReport } from './commands/report.js'
import { addRestore } from './commands/restore.js'
import { addRotate } from './commands/rotate.js'
import { addSchema } from './commands/schema.js'
import { addSegment } from './commands/segment.js'
import { addStats } from './commands/stats.js'
import { addUser } from './commands/user.js'
import { addVacuum } from './commands/vacuum.js'
import { addVerify } from './commands/verify.js'
import { addWhatIf } from './commands/what-if.js'
import { type ExitStatus, exit } from './exit.js'
import type { Io } from './io.js'
import { openOutput, type Streams } from './output.js'
import { visibleLines } from './visible.js'

/**
 * Runs the command line over streams of the caller's and gives the exit status. `args` is what
 * stands after the name of the program. It never throws, and never ends the process.
 * @since 0.1.0
 * @category Command line
 */
export const run = async (args: ReadonlyArray<string>, streams: Streams): Promise<ExitStatus> => {
  const output = openOutput(streams)
  let status: ExitStatus = exit.ok
  const io: Io = {
    stdin: streams.stdin,
    output,
    end: (given) => {
      status = given
    },
  }
  try {
    await programOf(streams, io).parseAsync(args, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.usage
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    output.remark(stack)
    return output.fail(
      failure(
        'unexpected',
        'this is a bug of selfsame: what it met stands above',
        'every command whose result was printed is recorded, and the file is whole',
        'report it with the lines above; running the same again does no harm',
      ),
    )
  }
}

const programOf = (streams: Streams, io: Io): Command => {
  const program = new Command('selfsame')
    .description('A customer identity engine in one file: run commands, ask, and operate.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(visibleLines(text)),
      getOutHelpWidth: () => io.output.columns,
      getErrHelpWidth: () => io.output.columns,
    })
    .configureHelp({ minWidthToWrap: 20 })
    .showHelpAfterError('(--help shows how)')
    .helpCommand(false)
    .addHelpText('after', statuses)
  for (const add of [
    addExec,
    addPreview,
    addUser,
    addInstallation,
    addAudience,
    addSegment,
    addLog,
    addHistory,
    addAsOf,
    addDiff,
    addExplain,
    addWhatIf,
    addReport,
    addExport,
    addErase,
    addVerify,
    addCheckpoint,
    addProve,
    addEvidence,
    addRebuild,
    addCheck,
    addStats,
    addVacuum,
    addBackup,
    addBackupKeys,
    addRestore,
    addRotate,
    addSchema,
  ])
    add(program, io)
  return program
}

const statuses = `
Exit status:
  0    done (exec: whatever was refused, every command got its answer)
  1    the machine failed; stderr says what happened, what is safe, what to do
  2    refused: what was asked for is not there, or is malformed
  3    rebuild put differences right; check or verify found something
  64   the command line cannot be understood
  141  the reader of stdout closed it before everything was written

Example:
  $ selfsame exec --db shop.db --in commands.ndjson
  $ selfsame user --db shop.db --email ada@example.com`
