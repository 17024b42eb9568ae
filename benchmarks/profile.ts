// Which functions a measured piece of work spent its time in, from the CPU profiles that workers wrote.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Frame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}
interface Profile {
  readonly nodes: ReadonlyArray<{ readonly id: number; readonly callFrame: Frame }>
  readonly samples: ReadonlyArray<number>
  readonly timeDeltas: ReadonlyArray<number>
}

export interface Spent {
  readonly name: string
  readonly share: number
}

const nameOf = ({ functionName, url, lineNumber }: Frame): string => {
  const file = url.split('/').at(-1) ?? ''
  const place = file === '' ? '' : ` (${file}:${lineNumber + 1})`
  return `${functionName === '' ? '(anonymous)' : functionName}${place}`
}

/** The functions by the share of time that was spent in themselves; waiting is left out. */
export const topOf = (profile: Profile, most: number): ReadonlyArray<Spent> => {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const spent = new Map<string, number>()
  for (const [i, id] of profile.samples.entries()) {
    const name = names.get(id) ?? ''
    if (name === '(idle)') continue
    spent.set(name, (spent.get(name) ?? 0) + (profile.timeDeltas[i] ?? 0))
  }
  const all = [...spent.values()].reduce((sum, one) => sum + one, 0)
  return [...spent]
    .map(([name, time]) => ({ name, share: time / all }))
    .sort((a, b) => b.share - a.share)
    .slice(0, most)
}

/** The top functions of each profile in a folder, as text. */
export const profilesIn = (folder: string, most: number): string =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .sort()
    .map((name) => {
      const top = topOf(JSON.parse(readFileSync(join(folder, name), 'utf8')), most)
      const lines = top.map((one) => `  ${(100 * one.share).toFixed(1).padStart(5)} %  ${one.name}`)
      return `${join(folder, name)}\n${lines.join('\n')}`
    })
    .join('\n\n')
