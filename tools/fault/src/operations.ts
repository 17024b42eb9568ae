// What is done while a system call fails, and the files that it begins with.

import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { phoneOf } from './load.js'
import { canaryOf, emailOf } from './workload.js'

export interface Step {
  readonly call: string
  readonly given: unknown
}

export interface Operation {
  readonly name: string
  /** What it begins with: no file, eight people, or the stored file of the first schema version. */
  readonly on: 'nothing' | 'people' | 'oldest'
  readonly steps: ReadonlyArray<Step>
}

const execute = (command: Record<string, unknown>): Step => ({ call: 'execute', given: command })
const create = (person: number): Step =>
  execute({
    type: 'CreateUser',
    commandId: `create-${person}`,
    userIdentity: { phones: [phoneOf(person)], emails: [emailOf(person)] },
    userAttributes: { firstName: canaryOf(person) },
  })
const target = (person: number) => ({ phone: phoneOf(person) })
const erase = (person: number): Step =>
  execute({
    type: 'EraseUser',
    commandId: `erase-${person}`,
    target: target(person),
    reason: 'asked',
  })
const merge = (a: number, b: number): Step =>
  execute({
    type: 'MergeUsers',
    commandId: `merge-${a}-${b}`,
    users: [target(a), target(b)],
    survivor: target(a),
  })

/** What stands in the file before: eight people. One of them is erased in the erasure. */
export const before = Array.from({ length: 8 }, (_, person) => create(person))
export const erased = 3

export const operations: ReadonlyArray<Operation> = [
  { name: 'create', on: 'nothing', steps: [create(50)] },
  { name: 'execute', on: 'people', steps: [create(60), create(61)] },
  { name: 'merge', on: 'people', steps: [merge(1, 2), merge(4, 5)] },
  { name: 'erase', on: 'people', steps: [merge(erased, 2), erase(erased), erase(6)] },
  { name: 'rebuild', on: 'people', steps: [{ call: 'rebuild', given: null }, create(70)] },
  { name: 'rotate', on: 'people', steps: [{ call: 'rotate', given: null }, create(80)] },
  { name: 'migrate', on: 'oldest', steps: [create(90)] },
]

export const parts = ['', '-keys', '-master']
export const pathsOf = (file: string): ReadonlyArray<string> =>
  ['', '-wal', '-keys', '-master'].map((end) => `${file}${end}`)

const oldest = resolve(
  import.meta.dirname,
  '../../../packages/store-sqlite/test/files/v1/people.db',
)

/** Lays an operation's files into a folder of its own. */
export const fresh = (folder: string, base: string, { on }: Operation): string => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'people.db')
  const from = on === 'oldest' ? oldest : base
  for (const end of on === 'nothing' ? [] : parts) {
    copyFileSync(`${from}${end}`, `${file}${end}`)
    chmodSync(`${file}${end}`, 0o600)
  }
  return file
}
