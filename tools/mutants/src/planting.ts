// Puts the planted bugs of `plants.ts` into one program and has the kit look for them.

import { buildProgram } from './bundle.js'
import { type Plant, plants } from './plants.js'
import { textOf } from './sources.js'
import { type Lab, type Outcome, openLab, storiesOf } from './trial.js'

/** What the kit made of one bug. */
export interface Found {
  readonly plant: Plant
  readonly outcome: Outcome
  readonly seconds: number
}

/** The program with every bug in it, each under its number. */
export const openPlanted = async (folder: string, seed: number): Promise<Lab> => {
  const codes = new Map<string, string>()
  for (const [n, plant] of plants.entries()) {
    const code = codes.get(plant.file) ?? textOf(plant.file)
    const times = code.split(plant.from).length - 1
    if (times !== 1) throw new Error(`${plant.bug}: ${times} places of ${plant.file}, not one`)
    codes.set(
      plant.file,
      code.replace(plant.from, () => switched(n, plant)),
    )
  }
  return openLab(await buildProgram(folder, codes), seed)
}

/** A statement begins with a word that no expression begins with. */
const switched = (n: number, { from, to }: Plant): string =>
  /^(if|return|delete|\w+ = )/.test(from)
    ? `if ($is(${n})) { ${to} } else { ${from} }`
    : `($is(${n}) ? (${to}) : (${from}))`

/** Looks for one bug in so many stories of the model, and a third of them of the other properties. */
export const lookFor = async (lab: Lab, plant: Plant, stories: number): Promise<Found> => {
  const start = Date.now()
  const outcome = await lab.tryOut(
    {
      n: plants.indexOf(plant),
      isLoaded: false,
      stories: storiesOf(lab.properties, stories).map((story) => ({
        ...story,
        asked: Number.POSITIVE_INFINITY,
      })),
    },
    () => {},
  )
  return { plant, outcome, seconds: (Date.now() - start) / 1000 }
}
