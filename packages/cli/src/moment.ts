// A moment on the command line: a position of the log, or a time.

import { InvalidArgumentError } from 'commander'

/** Digits are a position; anything else is read as a time by the engine, which says what is wrong. */
export const moment = (text: string): number | string => {
  if (!/^\d+$/.test(text)) return text
  if (/^(0|[1-9]\d{0,14})$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a position of the log or a time (RFC 3339).')
}

export const atOption = [
  '--at <MOMENT>',
  'a position of the log, or a time as 2026-11-24T10:00:00Z (default: now)',
] as const

interface At {
  readonly position: number
  readonly recordedAt: string | null
}

/** `52, recorded at 2026-...`. */
export const momentText = ({ position, recordedAt }: At): string =>
  recordedAt === null ? `${position}` : `${position}, recorded ${recordedAt}`
