// What a rule reports, where, and how it is printed so that a terminal can jump to it.

/** A place in a file and what is wrong there. */
export type Spot = { readonly line: number; readonly message: string }

export type Finding = Spot & { readonly file: string; readonly rule: string }

const print = ({ file, line, rule, message }: Finding): string =>
  `${file}:${line} ${message} (${rule})`

/** Prints the findings and ends the program: 1 if there are any. */
export const conclude = (subject: string, findings: ReadonlyArray<Finding>): void => {
  for (const finding of findings) console.error(print(finding))
  console.log(`${subject}: ${findings.length === 0 ? 'clean' : `${findings.length} found`}`)
  process.exitCode = findings.length === 0 ? 0 : 1
}
