// What was asked and what came back, as a person reads it when a law is broken.

import type { Failure, Json, Preview, Receipt, Refusal } from '@selfsame/core'
import { type Violation, violationText } from '../laws/violation.js'

/**
 * What came back from one step.
 *
 * @since 0.1.0
 * @category Runs
 */
export type Result =
  | { readonly _tag: 'Receipt'; readonly receipt: Receipt }
  | { readonly _tag: 'Refusal'; readonly refusal: Refusal }
  | { readonly _tag: 'Previewed'; readonly preview: Preview }
  | { readonly _tag: 'Failure'; readonly failure: Failure }
  | { readonly _tag: 'Thrown'; readonly message: string }

/**
 * One step that was played: the command with every symbolic name resolved, and what came back.
 *
 * @since 0.1.0
 * @category Runs
 */
export interface Step {
  readonly command: Json
  readonly isPreview: boolean
  readonly result: Result
}

const textMax = 400

const short = (text: string): string =>
  text.length > textMax ? `${text.slice(0, textMax)}…` : text

/** What came back, on one line. */
export const resultText = (result: Result): string => {
  switch (result._tag) {
    case 'Receipt':
      return `ok at ${result.receipt.position}: ${
        result.receipt.events.map((event) => event.type).join(', ') || 'no event'
      }`
    case 'Refusal':
      return `${result.refusal.error.code}: ${short(result.refusal.error.message)}`
    case 'Previewed':
      return `preview: ${result.preview.outcome}`
    case 'Failure':
      return `FAILURE ${result.failure.kind}: ${result.failure.message}`
    case 'Thrown':
      return `THROWN ${short(result.message)}`
  }
}

/**
 * The steps of a run and the violations it ends with, line by line.
 *
 * @since 0.1.0
 * @category Runs
 */
export const transcript = (
  steps: ReadonlyArray<Step>,
  violations: ReadonlyArray<Violation>,
): string =>
  [
    ...steps.map(
      ({ command, isPreview, result }, i) =>
        `${String(i + 1).padStart(3)}. ${isPreview ? 'preview ' : ''}${short(JSON.stringify(command))}\n` +
        `       -> ${resultText(result)}`,
    ),
    ...violations.map((one) => `  BROKEN: ${violationText(one)}`),
  ].join('\n')
