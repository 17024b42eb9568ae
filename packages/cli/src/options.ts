// Options that several subcommands share, and how their values are read.

import { type EngineOptions, latestWins, survivorFirst } from '@selfsame/core'
import { type Durability, masterKeyFile, type SqliteOptions } from '@selfsame/store-sqlite'
import { type Command, InvalidArgumentError, Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { parseText } from './input.js'

/** A file, and where its keys are if not beside it. */
export interface FileOption {
  readonly db: string
  readonly keyFile?: string
  readonly masterKey?: string
}

export const addFile = (command: Command): Command =>
  command
    .requiredOption('--db <FILE>', 'the SQLite file')
    .option('--key-file <FILE>', 'the keys of its users (default: DB-keys)')
    .option('--master-key <FILE>', 'the master keys that wrap those (default: DB-master)')

export interface DurabilityOption {
  readonly durability?: Durability
}

export const addDurability = (command: Command): Command =>
  command.addOption(
    new Option(
      '--durability <CHOICE>',
      'normal: faster, but a power loss may lose the last results (default: full)',
    ).choices(['full', 'normal']),
  )

/** Where the keys of a file's users stand. */
export const keyPathIn = ({ db, keyFile }: FileOption): string => keyFile ?? `${db}-keys`

/** Where the master keys of a file stand. */
export const masterPathIn = ({ db, masterKey }: FileOption): string => masterKey ?? `${db}-master`

export const filesIn = ({
  db,
  keyFile,
  masterKey,
  durability,
}: FileOption & DurabilityOption): Omit<SqliteOptions, 'mode' | 'clock'> => ({
  file: db,
  ...(keyFile === undefined ? {} : { keyFile }),
  ...(masterKey === undefined ? {} : { keyRing: masterKeyFile(masterKey) }),
  ...(durability === undefined ? {} : { durability }),
})

export interface FormOptions {
  readonly json?: true
  readonly pretty?: true
}

/** How an answer looks; a table where stdout is a terminal, JSON where it is not. */
export const addForm = (command: Command): Command =>
  command
    .option('--json', 'JSON on a terminal too')
    .option('--pretty', 'JSON that is indented for a person')

export interface PageOptions {
  readonly limit?: number
  readonly after?: string
  readonly all?: true
}

export const addPaging = (command: Command, one: string): Command =>
  command
    .addOption(new Option('--limit <N>', 'users a page, 1 to 1000 (default: 100)').argParser(count))
    .option('--after <ID>', 'go on after this user id: "next" of the page before')
    .option('--all', `all pages; in JSON each ${one} on a line of its own`)

/** The choices of domain.md sections 5 and 7 that an embedder makes. */
export interface RuleOptions {
  readonly personalizeUnknownIdentity?: 'refuse' | 'extend'
  readonly anonymousData?: 'fill' | 'leave'
  readonly policy?: string
}

export const addRules = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--personalize-unknown-identity <CHOICE>',
        'an identity nobody owns on an installation that is personalized (default: refuse)',
      ).choices(['refuse', 'extend']),
    )
    .addOption(
      new Option(
        '--anonymous-data <CHOICE>',
        'attributes and tags of an anonymous user who is absorbed (default: fill)',
      ).choices(['fill', 'leave']),
    )
    .addOption(
      new Option(
        '--policy <NAME>',
        'the merge policy where MergeUsers names none (default: survivor-first)',
      ).choices([survivorFirst.name, latestWins.name]),
    )

export const rulesIn = ({
  policy,
  anonymousData,
  personalizeUnknownIdentity,
}: RuleOptions): Omit<EngineOptions, 'store' | 'idSource'> => ({
  ...(policy === undefined ? {} : { defaultPolicy: policy }),
  ...(anonymousData === undefined ? {} : { anonymousData }),
  ...(personalizeUnknownIdentity === undefined ? {} : { personalizeUnknownIdentity }),
})

/** A whole number, at least 1. */
export const count = (text: string): number => {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number, at least 1.')
  return Number(text)
}

/** A position of the log; 0 stands before the first. */
export const position = (text: string): number => {
  if (!/^(0|[1-9]\d{0,14})$/.test(text))
    throw new InvalidArgumentError('It must be a position of the log, a whole number.')
  return Number(text)
}

export const json = (text: string): unknown => {
  const parsed = parseText(text)
  if (E.isLeft(parsed)) throw new InvalidArgumentError(`It ${parsed.left}.`)
  return parsed.right
}

/** Collects an option that may be given several times. */
export const several =
  <A>(read: (text: string) => A) =>
  (text: string, before: ReadonlyArray<A> | undefined): ReadonlyArray<A> => [
    ...(before ?? []),
    read(text),
  ]
