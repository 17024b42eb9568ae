// `pnpm demo`: plays the story of commands.ndjson into a SQLite file, tells it, shows who owns what
// at the end, and rebuilds everything from the log. Whatever is not as story.ts says fails the demo.

import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Engine, openEngine, type UserView } from '@selfsame/core'
import { openSqliteStore, randomIds, systemClock } from '@selfsame/store-sqlite'
import { commandsIn, play, type Remembered, surprise } from './play.js'
import { heading, sceneText, table, wrapped } from './show.js'
import { chapters, ending, identities } from './story.js'

type Either<Fault, A> =
  | { readonly _tag: 'Left'; readonly left: Fault }
  | { readonly _tag: 'Right'; readonly right: A }

const { values: given } = parseArgs({
  options: {
    db: { type: 'string' },
    commands: { type: 'string', default: join(import.meta.dirname, 'commands.ndjson') },
  },
})

// A reader who closes the pipe early has seen enough.
process.stdout.on('error', () => process.exit(1))

const surprises: string[] = []
const say = (text: string): void => console.log(text)
const surprised = (text: string): void => {
  surprises.push(text)
  say(`     ! ${text}`)
}

/** What was asked for; a fault ends the demo. */
const found = <A>(result: Either<unknown, A>): A => {
  if (result._tag === 'Right') return result.right
  throw new Error(JSON.stringify(result.left))
}

const tell = async (engine: Engine): Promise<void> => {
  const commands = commandsIn(given.commands)
  const expected = chapters.flatMap((chapter) => chapter.scenes).length
  if (commands.length !== expected)
    surprised(`the story has ${expected} scenes, the file ${commands.length} commands`)
  const remembered: Remembered = new Map()
  let number = 0
  for (const [at, { title, scenes }] of chapters.entries()) {
    say(heading(`${at + 1}. ${title}`))
    for (const scene of scenes) {
      const command = commands[number++]
      if (command === undefined) return
      const answer = await play(engine, command, remembered)
      say(sceneText(number, scene, command, answer))
      const other = surprise(command, answer, scene.expect, remembered)
      if (other !== null) surprised(`line ${number}: the story expected ${other}`)
      if (answer.ok && typeof command.commandId === 'string')
        remembered.set(command.commandId, answer)
    }
  }
}

const rowOf = (user: UserView): ReadonlyArray<string> => [
  [user.firstName, user.lastName].filter((name) => name !== null).join(' ') || 'nobody known',
  user.type,
  [
    ...(user.externalUserId === null ? [] : [user.externalUserId]),
    ...user.phones.map((phone) => `+${phone}`),
    ...user.emails,
  ].join(', '),
  user.installations
    .map((one) => `${one.pushRegistrationId}${one.isPrimaryDevice ? ' (primary)' : ''}`)
    .join(', '),
  user.tags.join(', '),
]

/** Every living user, by name. */
const owners = async (engine: Engine): Promise<ReadonlyArray<ReadonlyArray<string>>> => {
  const everyone = { or: [{ type: 'CUSTOMER' }, { type: 'LEAD' }] }
  const { users } = found(await engine.segment({ predicate: everyone })())
  return users.map(rowOf).sort((a, b) => (a.join() < b.join() ? -1 : 1))
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const showOwners = async (engine: Engine): Promise<void> => {
  say(heading('Who owns what'))
  const rows = await owners(engine)
  say(table(['who', 'is', 'identities', 'installations', 'tags'], rows))
  say(wrapped('(Whoever owns nothing is what an installation left behind when it expired.)', ''))
  if (!isSame(rows, ending)) surprised('the story expected other owners')
}

/** An erased identity keeps its position in the log, and nothing else. */
const showIdentities = async (engine: Engine): Promise<void> => {
  say(heading('What the log says of identities now'))
  const { events } = found(await engine.readLog([{ types: ['IdentityLinked'] }])())
  const rows = events.flatMap((event) =>
    event.type === 'IdentityLinked'
      ? [[`${event.position}`, event.payload.kind, event.payload.value]]
      : [],
  )
  say(table(['position', 'kind', 'value'], rows))
  if (!isSame(rows, identities)) surprised('the story expected other identities in the log')
}

const rebuild = async (engine: Engine): Promise<void> => {
  const before = await owners(engine)
  const report = found(await engine.rebuild()())
  const { events, users, installations, identities, differences } = report
  say(heading('The tables thrown away and built from the log again'))
  const counts = `${events} events gave ${users} users (those absorbed or erased included), ${installations} installations and ${identities} identities.`
  const said = `Rows that differ from what was there before: ${differences.length}.`
  say(wrapped(`${counts} ${said}`, ''))
  if (differences.length > 0) surprised('the story expected no difference')
  if (!isSame(before, await owners(engine))) surprised('the owners are others after the rebuild')
}

/** What a name says of the files that a database consists of. */
const kinds: ReadonlyArray<readonly [ending: string, kind: string]> = [
  ['-keys', "people's keys, which open what is personal"],
  ['-master', 'the master key, which opens those keys'],
  ['', 'one SQLite database: the log, and the tables made of it'],
]

const showFiles = (file: string): void => {
  say(heading('The file'))
  const isSqlite = readFileSync(file).toString('latin1', 0, 15) === 'SQLite format 3'
  if (!isSqlite) surprised('the file is no SQLite database')
  const rows = readdirSync(dirname(file))
    .filter((name) => name.startsWith(basename(file)))
    .map((name) => {
      const size = `${Math.ceil(statSync(join(dirname(file), name)).size / 1024)} KiB`
      return [name, size, kinds.find(([ending]) => name.endsWith(ending))?.[1] ?? '']
    })
  say(`${dirname(file)}/\n`)
  say(table(['name', 'size', 'is'], rows))
  say('\nLook around:')
  for (const rest of ['user --external-user-id ben', 'log --type UsersMerged', 'audience'])
    say(`  npx --yes pnpm@12.4.2 --silent selfsame ${rest} \\\n    --db ${file}`)
}

const file = resolve(given.db ?? join(mkdtempSync(join(tmpdir(), 'selfsame-demo-')), 'shop.db'))
if (existsSync(file)) {
  console.error(`${file} exists already: the story needs a new file`)
  process.exit(1)
}

say(
  wrapped('A shop with two apps, the people who use them, and one file that knows who is who.', ''),
)
const store = found(await openSqliteStore({ file, mode: 'create', clock: systemClock })())
const engine = openEngine({ store, idSource: randomIds })
await tell(engine)
await showOwners(engine)
await showIdentities(engine)
await rebuild(engine)
found(await engine.close()())
showFiles(file)

say(
  surprises.length === 0
    ? '\nEverything went as the story says.'
    : `\nNot as the story says:\n  ${surprises.join('\n  ')}`,
)
process.exitCode = surprises.length === 0 ? 0 : 1
