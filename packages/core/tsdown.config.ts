import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'node20.19',
  // One file (no `unbundle`): a hundred pack to a fifth more, which is above what the package may weigh.
  fixedExtension: false,
  dts: true,
  // The docs stand in the declarations: twice would only make the package larger.
  outputOptions: { comments: { annotation: true, jsdoc: false, legal: true } },
})
