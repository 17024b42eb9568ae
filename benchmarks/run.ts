// `pnpm bench`: measures and prints. Nothing here asserts a time; a reader compares the rows.

import { commandRows } from './commands.js'
import { foldRows } from './fold.js'
import { print } from './measure.js'

print([...(await foldRows()), ...(await commandRows())])
