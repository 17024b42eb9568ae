// Options that several subcommands share, and how their values are read.

import { type EngineOptions, latestWins, survivorFirst } from '@selfsame/core'
import { type Command, InvalidArgumentError, Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { parseText } from './input.js'

export interface FileOption {
  readonly db: string
}

export const addFile = (command: Command): Command =>
  command.requiredOption('--db <FILE>', 'the SQLite file')

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
