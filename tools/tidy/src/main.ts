// `pnpm tidy`: our style over the whole repository. Exits 1 where something is found.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { conclude } from './finding.js'
import { publicDocs } from './public-docs.js'
import { listFiles, readText, root } from './repository.js'
import { tidy } from './rules.js'

const files = listFiles()
const packages = [...new Set(files.map((path) => path.split('/').slice(0, 2).join('/')))].filter(
  (folder) => folder.startsWith('packages/') && existsSync(join(root, folder, 'src/index.ts')),
)

conclude(`tidy, ${files.length} files`, [
  ...files.flatMap((path) => tidy(path, readText)),
  ...publicDocs(root, packages),
])
