// Tampers many times and asks both verifiers each time. One case in ten is a copy that nobody was at,
// of which neither may say anything: otherwise they would be right by always complaining.

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteStore } from '@selfsame/store-sqlite'
import * as E from 'fp-ts/lib/Either.js'
import { generator } from './random.js'
import { openStranger } from './stranger.js'
import { tamperings } from './tamperings.js'
import { copyOf, makeTruth, type Truth } from './truth.js'

export interface RunOptions {
  readonly cases: number
  readonly seed: number
  /** An empty folder, best in memory. */
  readonly folder: string
  /** Whether the verifier in Python is asked too. */
  readonly asksStranger: boolean
  readonly onCase?: (done: number) => void
}

export interface Outcome {
  /** How often each was tried. */
  readonly tried: ReadonlyMap<string, number>
  /** How often the verifier in Python was asked. */
  readonly asked: number
  /** What was not reported, or reported where nobody was at the file. */
  readonly wrong: ReadonlyArray<string>
}

const untouched = 'nothing'

/** Everything that ours finds; a file that cannot be opened any more is reported too. */
const findingsOf = async (
  file: string,
  { signer }: Truth,
  checkpoint: string,
): Promise<ReadonlyArray<string>> => {
  const opened = await openSqliteStore({ file, mode: 'existing', durability: 'normal' })()
  if (E.isLeft(opened)) return [opened.left.message]
  const store = opened.right
  const report = await store.verify({ key: signer, checkpoints: [checkpoint] })()
  await store.close()()
  return E.isLeft(report)
    ? [report.left.message]
    : report.right.findings.map(({ what, position, message }) => `${what} ${position}: ${message}`)
}

/** Cases of one log, before another one is made. */
const casesOfLog = 500

export const runTamperings = async ({
  cases,
  seed,
  folder,
  asksStranger,
  onCase = () => {},
}: RunOptions): Promise<Outcome> => {
  const random = generator(seed)
  const stranger = asksStranger ? openStranger(folder) : null
  const tried = new Map<string, number>()
  const wrong: string[] = []
  let asked = 0
  let truth: Truth | undefined
  for (let n = 0; n < cases; n += 1) {
    if (n % casesOfLog === 0 || truth === undefined) {
      mkdirSync(join(folder, `log-${n}`))
      truth = await makeTruth(join(folder, `log-${n}`), random)
    }
    const own = join(folder, 'case')
    mkdirSync(own)
    const file = join(own, 'shop.db')
    copyOf(truth.file, file)
    const kind = random.below(10) === 0 ? null : random.pick(tamperings)
    const name = kind?.name ?? untouched
    const { done, checkpoint } = (await kind?.at(truth, file, random)) ?? {
      done: '',
      checkpoint: truth.checkpoint,
    }
    tried.set(name, (tried.get(name) ?? 0) + 1)
    const tell = (who: string, found: ReadonlyArray<string>): void => {
      if ((kind === null) === (found.length === 0)) return
      wrong.push(`case ${n}, ${who}, ${name} (${done}): ${found.join('; ') || 'nothing reported'}`)
    }
    if (stranger !== null && kind?.isInLog !== false) {
      asked += 1
      tell('Python', await stranger.problems(file, checkpoint, truth.keyLine))
    }
    tell('ours', await findingsOf(file, truth, checkpoint))
    rmSync(own, { recursive: true })
    onCase(n + 1)
  }
  stranger?.end()
  return { tried, asked, wrong }
}
