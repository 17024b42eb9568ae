// The thread in which a built package reads for a verification: a page for each time it is asked.

import { parentPort, workerData } from 'node:worker_threads'
import { sourcePages } from './verify-source.js'

const pages = sourcePages(workerData)

parentPort?.on('message', () => {
  const page = pages.next()
  parentPort?.postMessage(page.done === true ? null : page.value)
})
