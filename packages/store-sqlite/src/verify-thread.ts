// A thread in which a built package reads for a verification: a page for each time it is asked.

import { parentPort, workerData } from 'node:worker_threads'
import { programs } from './verify-programs.js'

const { name, options }: { readonly name: keyof typeof programs; readonly options: never } =
  workerData
const pages = programs[name](options)

parentPort?.on('message', (said) => {
  const page = pages.next(said)
  parentPort?.postMessage(page.done === true ? null : page.value)
})
