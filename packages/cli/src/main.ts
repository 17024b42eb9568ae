#!/usr/bin/env node
// The program `selfsame`: the command line over the streams of this process.

import { run } from './program.js'

process.exitCode = await run(process.argv.slice(2), process)
