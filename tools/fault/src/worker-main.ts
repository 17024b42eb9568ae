// The program that is killed, starved and lied to: one store, driven by lines of JSON on stdin, each
// answered by a line on stdout after the store has answered, and never before.

import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Answer, type Asked, answerOf } from './calls.js'

/** A pipe that is full takes the rest a little later. */
const say = (answer: Answer): void => {
  const bytes = Buffer.from(`${JSON.stringify(answer)}\n`)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked: Asked = JSON.parse(line)
  void answerOf(asked).then(say, (error: unknown) =>
    say({
      n: asked.n,
      threw: error instanceof Error ? (error.stack ?? error.message) : `${error}`,
    }),
  )
}
process.exit()
