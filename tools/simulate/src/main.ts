// `pnpm simulate --seed N --steps M [--clients K] [--store disk|journal]`: simulates so many steps, tells
// what it did and the hash of the log, and exits 1 where something is not as it must be.

import { parseArgs } from 'node:util'
import {
  diskStore,
  journalStore,
  type SimulationBroken,
  simulate,
  tallyText,
} from '@selfsame/testkit'

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((one) => one !== '--'),
  options: {
    seed: { type: 'string' },
    steps: { type: 'string', default: '2000' },
    clients: { type: 'string', default: '4' },
    store: { type: 'string', default: 'disk' },
  },
})

const whole = (name: string, text: string): number => {
  const n = Number(text)
  if (!Number.isInteger(n) || n < 1) throw new Error(`--${name} is a whole number from 1: ${text}`)
  return n
}

const stores = [diskStore(), journalStore()]
const store = stores.find(({ name }) => name === asked.store)
if (store === undefined)
  throw new Error(`--store is one of ${stores.map(({ name }) => name).join(', ')}`)

const options = {
  seed: whole('seed', asked.seed ?? String(1 + (Date.now() % 1_000_000_000))),
  steps: whole('steps', asked.steps),
  clients: whole('clients', asked.clients),
  store,
}
const { seed, steps, clients } = options
console.log(
  `pnpm simulate --seed ${seed} --steps ${steps} --clients ${clients} --store ${store.name}`,
)

const start = Date.now()
const tellSeconds = (): void => console.log(`${((Date.now() - start) / 1000).toFixed(1)} s`)

const isBroken = (error: unknown): error is SimulationBroken =>
  error instanceof Error && 'violations' in error

try {
  const { tally, hash } = await simulate(options)
  console.log(tallyText(tally))
  console.log(`sha256 of the log: ${hash}`)
  tellSeconds()
} catch (error) {
  if (!isBroken(error)) throw error
  console.log(tallyText(error.tally))
  tellSeconds()
  console.error(error.message)
  process.exitCode = 1
}
