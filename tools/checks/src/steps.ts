// Running programs one after another, so that a failed one is named and the others still run.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../../..')

/** A program of the workspace's own, by the name under which it was installed. */
export const installed = (name: string): string => resolve(root, 'node_modules/.bin', name)

/** Runs a program to its end and gives its output; throws unless it succeeds or `mayFail`. */
export const run = (
  program: string,
  args: ReadonlyArray<string>,
  { cwd = root, mayFail = false } = {},
): string => {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error !== undefined) throw error
  if (status !== 0 && !mayFail) {
    process.stderr.write(`${stdout}${stderr}`)
    throw new Error(`${program} ${args.join(' ')} ended with ${status}`)
  }
  return stdout
}

export type Step = { readonly name: string; readonly work: () => string }

/** Runs every step, prints what each says and how long it took, and gives the number that failed. */
export const runSteps = (steps: ReadonlyArray<Step>): number => {
  let failed = 0
  for (const { name, work } of steps) {
    const start_ms = performance.now()
    const time = (): string => `${((performance.now() - start_ms) / 1000).toFixed(1)} s`
    try {
      const said = work()
      console.log(`ok      ${name}, ${time()}${said === '' ? '' : `: ${said}`}`)
    } catch (reason) {
      failed += 1
      console.log(
        `FAILED  ${name}, ${time()}: ${reason instanceof Error ? reason.message : reason}`,
      )
    }
  }
  return failed
}
