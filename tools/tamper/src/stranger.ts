// A verifier that shares no code with ours: the Python script of docs/verify-without-us.md, taken from
// that page, answering for many files in one process.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const page = resolve(import.meta.dirname, '../../../docs/verify-without-us.md')

/** The code blocks of a language on the page, in order. */
export const blocksOf = (language: string): ReadonlyArray<string> =>
  [...readFileSync(page, 'utf8').matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(
    ([, code]) => code ?? '',
  )

const programs = { python: 'python3', openssl: 'openssl' }

/** Whether this machine has Python with SQLite, and openssl. */
export const hasPython = (): boolean =>
  spawnSync(programs.python, ['-c', 'import sqlite3']).status === 0 &&
  spawnSync(programs.openssl, ['version']).status === 0

/** Reads a question a line, answers with what the script finds. */
const loop = `
import json, sys
from verify import problems
for line in sys.stdin:
    asked = json.loads(line)
    try:
        found = list(problems(asked['file'], asked['checkpoint'], asked['key']))
    except Exception as error:
        found = ['it cannot be read: ' + str(error)]
    print(json.dumps(found), flush=True)
`

export interface Stranger {
  readonly problems: (
    file: string,
    checkpoint: string,
    key: string,
  ) => Promise<ReadonlyArray<string>>
  readonly end: () => void
}

export const openStranger = (folder: string): Stranger => {
  writeFileSync(join(folder, 'verify.py'), blocksOf('python')[0] ?? '')
  writeFileSync(join(folder, 'loop.py'), loop)
  const child: ChildProcess = spawn(programs.python, ['loop.py'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  if (child.stdout === null) throw new Error('no answers to read')
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    problems: async (file, checkpoint, key) => {
      child.stdin?.write(`${JSON.stringify({ file, checkpoint, key })}\n`)
      const answer = await answers.next()
      if (answer.done === true) throw new Error('the verifier in Python ended')
      return JSON.parse(answer.value)
    },
    end: () => child.stdin?.end(),
  }
}
