// `pnpm bench:audit --db FILE [--make EVENTS] [--asked N] [--seed N]`: how long the auditor's questions
// take on a long log. It makes the log where FILE is not there, and prints the median, the slowest of a
// hundred and what the processor spent on a question; nothing here asserts a time.

import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Auditor, auditOf, type Engine, openEngine } from '@selfsame/core'
import { openSqliteStore, randomIds, systemClock } from '@selfsame/store-sqlite'
import { loadNow } from './machine.js'
import { generator, installationOf, nameOf, phoneOf } from './shop.js'

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((one) => one !== '--'),
  options: {
    db: { type: 'string', default: 'audit.db' },
    make: { type: 'string', default: '200000' },
    asked: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
  },
})

/** A person of the log: created, registered, linked, promoted, named. */
const eventsOfPerson = 5
const together = 500

const make = async (engine: Engine, people: number): Promise<void> => {
  const run = async (commands: ReadonlyArray<object>): Promise<void> => {
    for (const result of await engine.executeAll(commands)())
      if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
  }
  for (let from = 0; from < people; from += together) {
    const some = Array.from({ length: Math.min(together, people - from) }, (_, i) => from + i)
    const registering = (n: number) => ({
      type: 'RegisterInstallation',
      pushRegistrationId: installationOf(n),
      applicationId: 'shop',
    })
    const naming = (n: number) => ({
      type: 'Personalize',
      pushRegistrationId: installationOf(n),
      userIdentity: { phones: [phoneOf(n)] },
      userAttributes: { firstName: nameOf(n) },
    })
    // Every twentieth is found to be the one before.
    const merging = (n: number) => ({
      type: 'MergeUsers',
      users: [{ phone: phoneOf(n) }, { phone: phoneOf(n - 1) }],
    })
    await run(some.map(registering))
    await run(some.map(naming))
    await run(some.filter((n) => n % 20 === 19).map(merging))
  }
}

const isNew = !existsSync(asked.db)
const mode = isNew ? 'create' : 'existing'
const opening = { file: asked.db, mode, clock: systemClock, durability: 'normal' } as const
const opened = await openSqliteStore(opening)()
if (opened._tag === 'Left') throw new Error(JSON.stringify(opened.left))
const store = opened.right
if (isNew)
  await make(openEngine({ store, idSource: randomIds }), Number(asked.make) / eventsOfPerson)

const page = await store.log.read([], { limit: 1, backwards: true })()
if (page._tag === 'Left') throw new Error(JSON.stringify(page.left))
const { head } = page.right
/** Whoever was there in the first half of the log. */
const people = Math.floor(head / (eventsOfPerson + 1) / 2)
console.log(`pnpm bench:audit: ${head} events, seed ${asked.seed}, load ${loadNow()}`)

const below = generator(Number(asked.seed))
const somebody = () => ({ phone: phoneOf(below(people)) })
/** In the second half: whoever is asked about was there by then. */
const somewhen = () => head - below(Math.floor(head / 2))

const questions: Readonly<
  Record<
    string,
    readonly [times: number, ask: (audit: Auditor) => () => Promise<{ readonly _tag: string }>]
  >
> = {
  'a user as of a position': [1, (audit) => audit.asOf(somewhen()).user(somebody())],
  'the owner of a phone as of a position': [1, (audit) => audit.asOf(somewhen()).owner(somebody())],
  'the history of a user': [1, (audit) => audit.history.user(somebody())],
  'why a user is as it is': [1, (audit) => audit.explain.user(somebody())],
  'what the last 1,000 events changed': [0.02, (audit) => audit.diff(head - 1000)],
}

const audit = auditOf(store)
for (const [what, [share, ask]] of Object.entries(questions)) {
  const times_ms: number[] = []
  const before = process.cpuUsage()
  const count = Math.ceil(Number(asked.asked) * share)
  for (let i = 0; i < count; i += 1) {
    const question = ask(audit)
    const start_ms = performance.now()
    const answer = await question()
    if (answer._tag === 'Left') throw new Error(`${what}: ${JSON.stringify(answer)}`)
    times_ms.push(performance.now() - start_ms)
  }
  const { user, system } = process.cpuUsage(before)
  const sorted = times_ms.toSorted((a, b) => a - b)
  const at = (part: number): string => (sorted[Math.floor((count - 1) * part)] ?? 0).toFixed(2)
  const cpu_ms = ((user + system) / 1000 / count).toFixed(2)
  console.log(
    `${what}: median ${at(0.5)} ms, p99 ${at(0.99)} ms, processor ${cpu_ms} ms (${count})`,
  )
}
await store.close()()
