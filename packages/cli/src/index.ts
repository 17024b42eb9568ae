// @selfsame/cli: the command line as a function, for those who build it into a program of their own.

export type { ExitStatus } from './exit.js'
export { exit } from './exit.js'
export type { Streams } from './output.js'
export { run } from './program.js'
