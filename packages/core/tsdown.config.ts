import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'node20.19',
  // One file (no `unbundle`): a hundred pack to a fifth more, which is above what the package may weigh.
  fixedExtension: false,
  dts: true,
  // Lines and comments would take the package above what it may weigh: the docs stand in the
  // declarations. Names stay as they are written, for whoever reads a stack or steps through it.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
})
