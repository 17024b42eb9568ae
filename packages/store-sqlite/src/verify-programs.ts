// What a verification reads, by the names under which a thread is asked for it.

import { besidePages } from './verify-beside.js'
import { logPages } from './verify-log.js'

export const programs = { log: logPages, beside: besidePages }
