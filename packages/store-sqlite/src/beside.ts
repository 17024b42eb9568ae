// Statements that go over a whole file, run in another thread on a connection of their own: the event
// loop goes on meanwhile.

import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/** The rows of each statement, a row being its columns in order. */
export type RowsOfEach = ReadonlyArray<ReadonlyArray<ReadonlyArray<unknown>>>

type Answer = { readonly rows: RowsOfEach } | { readonly message: string; readonly code?: string }

/** The longest that a thread waits for others: blocking holds nobody up there. */
const busyMax_ms = 5_000

/** A thread begins with plain JavaScript: it stands here, so that no build can lose its file. */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { driver, file, statements, inSnapshot, isPartial } = workerData
const rowsOf = (statement) => {
  const rows = []
  try {
    for (const row of statement.raw().iterate()) rows.push(row)
  } catch (error) {
    if (!isPartial || rows.length === 0) throw error
  }
  return rows
}
const answer = () => {
  const db = new (require(driver))(file, { fileMustExist: true, timeout: ${busyMax_ms} })
  try {
    db.pragma('synchronous = FULL')
    const all = () => statements.map((sql) => {
      const statement = db.prepare(sql)
      return statement.reader ? rowsOf(statement) : (statement.run(), [])
    })
    return { rows: inSnapshot ? db.transaction(all).deferred() : all() }
  } catch ({ message, code }) {
    return { message, code }
  } finally {
    db.close()
  }
}
try {
  // Told once the file is closed: whoever asked may move or remove it then.
  parentPort.postMessage(answer())
} catch ({ message, code }) {
  parentPort.postMessage({ message, code })
}
`
const driver = createRequire(import.meta.url).resolve('better-sqlite3')

interface Task {
  readonly file: string
  readonly statements: ReadonlyArray<string>
  readonly inSnapshot: boolean
  /** Whether rows that came before an error are an answer. */
  readonly isPartial?: true
}

/** What is under way, by file. */
const running = new Map<Promise<unknown>, string>()

/** Waits until nothing that was begun on a file goes on, however it ends. */
export const besideIsOver = async (file: string): Promise<void> => {
  const ours = [...running].flatMap(([one, of]) => (of === file ? [one] : []))
  await Promise.allSettled(ours)
}

/** Lets closing a file wait for work that is under way on it. */
export const isWaitedFor = <A>(file: string, work: Promise<A>): Promise<A> => {
  running.set(work, file)
  return work.finally(() => running.delete(work))
}

const run = (task: Task): Promise<RowsOfEach> => isWaitedFor(task.file, answerTo(task))

const answerTo = (task: Task): Promise<RowsOfEach> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(program, { eval: true, workerData: { ...task, driver } })
    worker.once('message', (answer: Answer) => {
      if ('rows' in answer) resolve(answer.rows)
      else reject(Object.assign(new Error(answer.message), { code: answer.code }))
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
  })

/** Reads with several statements in one snapshot. */
export const readBeside = (file: string, statements: ReadonlyArray<string>): Promise<RowsOfEach> =>
  run({ file, statements, inSnapshot: true })

/** The rows of one statement, up to where a damaged page ends it. */
export const readPartly = async (
  file: string,
  statement: string,
): Promise<ReadonlyArray<ReadonlyArray<unknown>>> => {
  const [rows] = await run({ file, statements: [statement], inSnapshot: false, isPartial: true })
  return rows ?? []
}

/** Runs a statement that cannot stand in a transaction. */
export const runBeside = async (file: string, statement: string): Promise<void> => {
  await run({ file, statements: [statement], inSnapshot: false })
}
