// `selfsame erase`: shows what an erasure will reach, asks, erases, and prints a certificate.

import {
  type Engine,
  type ErasureReach,
  erasureCertificate,
  erasureReach,
  type Failure,
  openEngine,
  type Plan,
  type Refusal,
} from '@selfsame/core'
import { randomIds, type SqliteStore } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../answer.js'
import { type Certificate, certificateTable, reachTable } from '../erasure-view.js'
import { type ExitStatus, exit } from '../exit.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FormOptions, filesIn } from '../options.js'
import { addPerson, type PersonOption, personIn } from '../person.js'
import { addSigningKey, type SigningOption } from '../signing.js'
import { treeHeads } from '../tree-heads.js'

type EraseOptions = SigningOption &
  PersonOption &
  FormOptions & { readonly yes?: true; readonly reason: string; readonly actor?: string }

export const addErase = (program: Command, io: Io): void => {
  const command = program
    .command('erase')
    .summary('erase a person, and certify it')
    .description(
      'Shows what the erasure of a person will reach, asks, erases, and prints a certificate: the ' +
        'positions, and the checkpoints before and after, without any personal value. Where there ' +
        'is no signing key, the tree heads stand in it unsigned.',
    )
  addForm(addSigningKey(addPerson(addFile(command))))
    .option('--yes', 'do not ask')
    .option('--reason <TOKEN>', 'why, as it is recorded', 'asked-for')
    .option('--actor <TOKEN>', 'who does it, as it is recorded')
    .addHelpText('after', example)
    .action(async (options: EraseOptions) => {
      const reference = personIn(command, options)
      if (options.yes === undefined && io.stdin.isTTY !== true)
        return command.error("error: there is nobody to ask: '--yes' erases without asking")
      const opening = { ...filesIn(options), mode: 'existing' } as const
      io.end(await withStore(io.output, opening, (store) => erase(io, store, reference, options)))
    })
}

const example = `
An erasure cannot be undone: every personal value of the person and of everyone
absorbed in it becomes unreadable for good, in backups too once they are
restored. The events stay in their places, and old proofs hold.

Exit status: 2 where there is no such person, they were erased, or the answer is
another than "erase".

Example:
  $ selfsame erase --db shop.db --user email=ada@example.com --actor support-7
  $ selfsame erase --db shop.db --id 0192f3a0 --yes --json > certificate.json`

const erase = async (
  io: Io,
  store: SqliteStore,
  reference: unknown,
  options: EraseOptions,
): Promise<ExitStatus> => {
  const { output } = io
  const refuse = (left: Refusal | Failure) => answer(output, options, E.left(left), () => '')
  const reach = await erasureReach(store, reference)()
  if (E.isLeft(reach)) return refuse(reach.left)
  const engine = openEngine({ store, idSource: randomIds })
  const plan = await planOf(engine, reach.right, options)
  if (E.isLeft(plan)) return refuse(plan.left)
  if (options.yes === undefined) {
    output.remark(reachTable(reach.right, output.columns).trimEnd())
    output.remark('Type erase to make all of this unreadable for good; anything else stops.')
    if ((await lineFrom(io)) !== 'erase') {
      output.remark('Nothing was erased.')
      return exit.refused
    }
  }
  const heads = await treeHeads(store, options)
  if (E.isLeft(heads)) return output.fail(heads.left)
  // What was shown is what is done: where the person is another meanwhile, the plan is refused.
  const done = await engine.execute(plan.right)()
  if (E.isLeft(done)) return refuse(done.left)
  const erased = `${reach.right.userId} is erased, at position ${done.right.position}, but:`
  const certified = await erasureCertificate(store, reach.right.userId)()
  const proved = E.isLeft(certified) ? certified : await heads.right.after()
  if (E.isLeft(certified) || E.isLeft(proved)) {
    output.remark(erased)
    return E.isLeft(proved) ? refuse(proved.left) : exit.failed
  }
  const certificate: Certificate = { ...certified.right, ...proved.right }
  return answer(output, options, E.right(certificate), certificateTable)
}

const planOf = async (
  engine: Engine,
  { userId }: ErasureReach,
  { reason, actor }: EraseOptions,
): Promise<E.Either<Refusal | Failure, Plan>> => {
  const preview = await engine.preview({
    type: 'EraseUser',
    target: { userId },
    reason,
    ...(actor === undefined ? {} : { actor }),
  })()
  if (E.isLeft(preview)) return preview
  switch (preview.right.outcome) {
    case 'planned':
      return E.right(preview.right.plan)
    case 'refused':
      return E.left(preview.right.refusal)
    case 'remembered':
      throw new Error('an erasure without a command id cannot be remembered')
  }
}

/** One line of what is typed. */
const lineFrom = async ({ stdin }: Io): Promise<string> => {
  let text = ''
  for await (const chunk of stdin) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return (text.split('\n')[0] ?? '').trim()
}
