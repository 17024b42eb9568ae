// `pnpm docs:links`: every relative link in every document leads somewhere. Exits 1 where one does not.
import { posix } from 'node:path'
import { conclude } from './finding.js'
import { brokenLinks } from './links.js'
import { listFiles, readText } from './repository.js'

const files = listFiles()
const places = new Set<string>(files)
for (const file of files) {
  for (let folder = posix.dirname(file); !places.has(folder); folder = posix.dirname(folder)) {
    places.add(folder)
  }
}

const documents = files.filter((path) => path.endsWith('.md'))
const library = { exists: (path: string) => places.has(path), readText }

conclude(
  `links, ${documents.length} documents`,
  documents.flatMap((path) => brokenLinks(path, library)),
)
