// What the exit status of `selfsame` tells a script.

/**
 * The exit statuses: `failed` is a fault of the machine, `refused` a refusal of what was asked,
 * `differs` a rebuild that had something to put right or a check that found something, `usage` a
 * command line that cannot be understood, `readerGone` a reader of stdout that closed it early
 * (128 + SIGPIPE, as shells say).
 * @since 0.1.0
 * @category Command line
 */
export const exit = {
  ok: 0,
  failed: 1,
  refused: 2,
  differs: 3,
  usage: 64,
  readerGone: 141,
} as const

/**
 * One of the statuses in `exit`.
 * @since 0.1.0
 * @category Command line
 */
export type ExitStatus = (typeof exit)[keyof typeof exit]
