// The answer to a question: JSON, or a table at a terminal; a refusal; a failure.

import type { Failure, Refusal } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { type ExitStatus, exit } from './exit.js'
import type { FormOptions, PageOptions } from './options.js'
import { jsonLine, type Output } from './output.js'

export const isRefusal = (left: Refusal | Failure): left is Refusal => 'error' in left

/** Prints what was found; `show` is its table, `columns` wide at most. */
export const answer = async <A>(
  output: Output,
  { json = false, pretty = false }: { readonly json?: boolean; readonly pretty?: boolean },
  result: E.Either<Refusal | Failure, A>,
  show: (found: A, columns: number) => string,
): Promise<ExitStatus> => {
  if (E.isRight(result)) {
    const isTable = output.isTerminal && !json && !pretty
    const text = isTable ? show(result.right, output.columns) : jsonLine(result.right, pretty)
    return (await output.write(text)) ?? exit.ok
  }
  if (!isRefusal(result.left)) return output.fail(result.left)
  const isPretty = pretty || (output.isTerminal && !json)
  return (await output.write(jsonLine(result.left, isPretty))) ?? exit.refused
}

/** A page of users or installations, and where the next one begins. */
export interface PageOf<A> {
  readonly found: ReadonlyArray<A>
  readonly next: string | null
}

/** Answers with one page whole, or with all pages: a table for each, or one thing a line in JSON. */
export const answerInPages = async <Page, A>(
  output: Output,
  options: FormOptions & PageOptions,
  ask: (paging: {
    readonly limit?: number
    readonly after?: string
  }) => Promise<E.Either<Refusal | Failure, Page>>,
  read: (page: Page) => PageOf<A>,
  show: (found: ReadonlyArray<A>, columns: number) => string,
): Promise<ExitStatus> => {
  const limit = options.limit ?? (options.all === undefined ? undefined : 1000)
  const showPage = (page: Page, columns: number): string => show(read(page).found, columns)
  for (let after = options.after; ; ) {
    const result = await ask({
      ...(limit === undefined ? {} : { limit }),
      ...(after === undefined ? {} : { after }),
    })
    const isLines = !output.isTerminal || options.json !== undefined || options.pretty !== undefined
    const status =
      options.all !== undefined && isLines && E.isRight(result)
        ? ((await output.write(linesOf(read(result.right).found, options))) ?? exit.ok)
        : await answer(output, options, result, showPage)
    if (status !== exit.ok || E.isLeft(result)) return status
    const { next } = read(result.right)
    if (next === null) return exit.ok
    if (options.all === undefined) {
      if (!isLines) output.remark(`There is more: --after ${next}`)
      return exit.ok
    }
    after = next
  }
}

const linesOf = (found: ReadonlyArray<unknown>, { pretty }: FormOptions): string =>
  found.map((one) => jsonLine(one, pretty !== undefined)).join('')
