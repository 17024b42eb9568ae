// The arrows of ARCHITECTURE.md as rules: `pnpm arrows` fails on an import that runs against them.

/** The folders of packages/core/src: a file imports only from its own folder and from those before it. */
const coreOrder = [
  'prelude.ts',
  'values/',
  'log/',
  'directory/',
  'merge/',
  'commands/',
  'ports/',
  'engine/',
  'audit/',
  'memory/',
  'schema/',
]

/** What the sources of a package may import: other packages of ours, and from the registry. */
const arrows = {
  core: {
    ours: [],
    others: ['fp-ts', 'io-ts', 'immer', 'libphonenumber-js', 'email-addresses'],
  },
  'store-sqlite': { ours: ['core'], others: ['better-sqlite3', 'fp-ts'] },
  testkit: { ours: ['core'], others: ['fast-check', 'fp-ts', 'vitest'] },
  report: { ours: ['core'], others: ['fp-ts'] },
  cli: {
    ours: ['core', 'report', 'store-sqlite'],
    others: ['cli-table3', 'commander', 'fp-ts'],
  },
}

/** Tests may use the testkit besides, except core's own: core would depend on what depends on it. */
const arrowsOfTests = {
  core: [],
  'store-sqlite': ['core', 'testkit'],
  testkit: ['core'],
  report: ['core', 'testkit'],
  cli: ['core', 'report', 'store-sqlite', 'testkit'],
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const anyOf = (names) => (names.length === 0 ? '(?!)' : `(?:${names.map(escaped).join('|')})`)

const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })

const packageRules = Object.entries(arrows).flatMap(([name, { ours, others }]) => [
  forbid(
    `${name}-imports-only-its-own-packages`,
    `The sources of ${name} may import: ${ours.join(', ') || 'no other package of ours'}.`,
    { path: `^packages/${name}/src/` },
    {
      path: '^(packages|examples|benchmarks|tools|test)/',
      pathNot: [`^packages/${name}/src/`, `^packages/${anyOf(ours)}/src/`],
    },
  ),
  forbid(
    `${name}-imports-only-its-own-libraries`,
    `The sources of ${name} may take from the registry: ${others.join(', ')}.`,
    { path: `^packages/${name}/src/` },
    {
      path: 'node_modules/',
      // Type declarations of a library that carries none stand in @types/<library>.
      pathNot: [`node_modules/(@types/)?${anyOf(others)}/`],
    },
  ),
  forbid(
    `${name}-tests-import-only-their-own-packages`,
    `The tests of ${name} may import: ${[name, ...arrowsOfTests[name]].join(', ')}.`,
    { path: `^packages/${name}/`, pathNot: [`^packages/${name}/src/`] },
    {
      path: '^(packages|examples|benchmarks)/',
      pathNot: [`^packages/${name}/`, `^packages/${anyOf(arrowsOfTests[name])}/src/`],
    },
  ),
])

const layerRules = coreOrder.map((layer, at) =>
  forbid(
    `core-order-${layer.replace(/\W/g, '')}`,
    `core/src/${layer} may import only: ${coreOrder.slice(0, at).join(' ') || 'nothing of core'}.`,
    { path: `^packages/core/src/${escaped(layer)}` },
    {
      path: '^packages/core/src/',
      pathNot: [`^packages/core/src/${anyOf(coreOrder.slice(0, at + 1))}`],
    },
  ),
)

module.exports = {
  forbidden: [
    forbid(
      'no-circle',
      'Arrows point one way: two files in a circle are one idea.',
      {},
      {
        circular: true,
      },
    ),
    forbid(
      'no-unresolved',
      'An import that leads nowhere. (The programs of test/packed run outside the workspace.)',
      { pathNot: ['^test/packed/'] },
      { couldNotResolve: true },
    ),
    forbid(
      'core-is-pure',
      'Core has no clock, randomness or I/O: ask for it through a port.',
      { path: '^packages/core/src/' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'only-the-prelude-imports-fp-ts',
      'prelude.ts is the only door of core to fp-ts and io-ts.',
      { path: '^packages/core/src/', pathNot: ['^packages/core/src/prelude\\.ts$'] },
      { path: 'node_modules/(fp-ts|io-ts)/' },
    ),
    forbid(
      'fp-ts-by-its-lib-path',
      'Plain Node cannot load fp-ts/Either, and the root index costs 30 ms: use fp-ts/lib/Either.js.',
      { path: '^packages/' },
      { path: 'node_modules/fp-ts/', pathNot: ['node_modules/fp-ts/lib/(?!index\\.)'] },
    ),
    forbid(
      'core-has-only-its-folders',
      `A file of core stands in a folder of the order: ${coreOrder.join(' ')}.`,
      {},
      {
        path: '^packages/core/src/',
        pathNot: [`^packages/core/src/(index\\.ts$|${anyOf(coreOrder)})`],
      },
    ),
    forbid(
      'through-the-front-door',
      'Another package is imported by its name, never by a file inside it.',
      { path: '^(?:packages/([^/]+)|examples|test|tools)/' },
      { path: '^packages/([^/]+)/', pathNot: ['^packages/$1/', '^packages/[^/]+/src/index\\.ts$'] },
    ),
    ...packageRules,
    ...layerRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.types|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['development', 'import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
