// What a packed package may hold, and how large it may be.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

type Manifest = Readonly<Record<string, unknown>> & { readonly name: string }

type Tarball = {
  readonly manifest: Manifest
  readonly paths: ReadonlyArray<string>
  readonly size_bytes: number
}

/** Bounds that we promise: a core that outgrows its own must say why. */
export const sizesMax_bytes: Readonly<Record<string, number>> = { '@selfsame/core': 100_000 }

const block_bytes = 512

type Entry = { readonly path: string; readonly content: Buffer }

/** The files of a tar archive, as npm and pnpm write it: plain entries with short names. */
const entriesOf = (archive: Buffer): ReadonlyArray<Entry> => {
  const entries: Array<Entry> = []
  const field = (at: number, from: number, length: number): string =>
    archive
      .toString('utf8', at + from, at + from + length)
      .replace(/\0.*$/s, '')
      .trim()
  let at = 0
  while (at + block_bytes <= archive.length && archive[at] !== 0) {
    const size_bytes = Number.parseInt(field(at, 124, 12), 8)
    const path = [field(at, 345, 155), field(at, 0, 100)].filter((part) => part !== '').join('/')
    const start = at + block_bytes
    entries.push({ path, content: archive.subarray(start, start + size_bytes) })
    at = start + Math.ceil(size_bytes / block_bytes) * block_bytes
  }
  return entries
}

export const readTarball = (file: string): Tarball => {
  const packed = readFileSync(file)
  const entries = entriesOf(gunzipSync(packed))
  const manifest = entries.find(({ path }) => path === 'package/package.json')
  if (manifest === undefined) throw new Error(`${file} holds no package.json`)
  return {
    manifest: JSON.parse(manifest.content.toString('utf8')),
    paths: entries.map(({ path }) => path.replace(/^package\//, '')),
    size_bytes: packed.length,
  }
}

const allowed = /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/.+\.(js|d\.ts))$/

/** What a stranger would stumble over, in words. */
export const faultsOfManifest = (
  manifest: Manifest,
  paths: ReadonlyArray<string>,
  size_bytes: number,
): ReadonlyArray<string> => {
  const max_bytes = sizesMax_bytes[manifest.name] ?? Number.POSITIVE_INFINITY
  const fields = ['exports', 'dependencies', 'peerDependencies', 'bin', 'engines']
  const published = JSON.stringify(fields.map((field) => manifest[field]))
  return [
    ...paths.filter((path) => !allowed.test(path)).map((path) => `${path} is packed`),
    ...['LICENSE', 'dist/index.js', 'dist/index.d.ts']
      .filter((path) => !paths.includes(path))
      .map((path) => `${path} is missing`),
    ...['"development"', './src/', 'workspace:', 'catalog:']
      .filter((text) => published.includes(text))
      .map((text) => `the manifest says ${text}`),
    ...(manifest.license === 'Apache-2.0' ? [] : ['the license is not named']),
    ...(size_bytes > max_bytes ? [`${size_bytes} bytes, more than ${max_bytes}`] : []),
  ]
}
