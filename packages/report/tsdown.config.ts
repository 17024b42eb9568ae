import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  unbundle: true,
  fixedExtension: false,
  dts: true,
  // The docs stand in the declarations: twice would only make the package larger.
  outputOptions: { comments: { annotation: true, jsdoc: false, legal: true } },
})
