// `selfsame schema`: what Selfsame takes and gives, as JSON Schema.

import { jsonSchema, schemaNames } from '@selfsame/core'
import type { Command } from 'commander'
import { exit } from '../exit.js'
import type { Io } from '../io.js'
import { jsonLine } from '../output.js'

export const addSchema = (program: Command, io: Io): void => {
  const command = program
    .command('schema')
    .summary('JSON Schema of everything that is taken and given')
    .description(
      'Prints the JSON Schema (draft 2020-12) of all commands, events, receipts, refusals, exports, ' +
        'certificates of erasure and evidence, in one document; or of one of ' +
        `${schemaNames.join(', ')}; or of one command, event or refusal alone. It is made from the ` +
        'codecs that read them.',
    )
    .argument('[NAME]', 'a document, a type or a code, as command, Personalize, USER_ERASED')
    .addHelpText('after', example)
    .action(async (name: string | undefined) => {
      const schema = jsonSchema(name)
      if (schema === undefined)
        return command.error(`error: there is no command, event or refusal called '${name}'`)
      io.end((await io.output.write(jsonLine(schema, true))) ?? exit.ok)
    })
}

const example = `
Example:
  $ selfsame schema > selfsame.schema.json
  $ selfsame schema command
  $ selfsame schema Personalize`
