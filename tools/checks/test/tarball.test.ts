// What would make a packed package useless to a stranger is named.
import { expect, test } from 'vitest'
import { faultsOfManifest, sizesMax_bytes } from '../src/tarball.js'

const manifest = {
  name: '@selfsame/core',
  license: 'Apache-2.0',
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  dependencies: { immer: '11.2.10' },
}
const paths = ['package.json', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']

test('a sound package has no faults', () => {
  expect(faultsOfManifest(manifest, paths, 99_000)).toEqual([])
})

test('what pnpm should have replaced is named', () => {
  const left = {
    ...manifest,
    exports: { '.': { development: './src/index.ts' } },
    dependencies: { immer: 'catalog:', '@selfsame/other': 'workspace:^' },
  }
  expect(faultsOfManifest(left, paths, 1)).toEqual([
    'the manifest says "development"',
    'the manifest says ./src/',
    'the manifest says workspace:',
    'the manifest says catalog:',
  ])
})

test('a file too many, a file too few and a missing license are named', () => {
  const packed = ['package.json', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts', 'a.db']
  expect(faultsOfManifest({ ...manifest, license: 'MIT' }, packed, 1)).toEqual([
    'src/index.ts is packed',
    'a.db is packed',
    'LICENSE is missing',
    'the license is not named',
  ])
})

test('a core above 100 kB is too large', () => {
  expect(sizesMax_bytes['@selfsame/core']).toBe(100_000)
  expect(faultsOfManifest(manifest, paths, 100_001)).toEqual(['100001 bytes, more than 100000'])
})
