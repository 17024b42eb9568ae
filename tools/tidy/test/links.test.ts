// Links: what counts as one, how headings become anchors, and each way a link can be broken.
import { expect, test } from 'vitest'
import { anchorsIn, brokenLinks, linksIn } from '../src/links.js'

const documents: Readonly<Record<string, string>> = {
  'README.md': '# Selfsame\n\n## How to start, `quickly`\n\n## Twice\n\n## Twice\n',
  'docs/a file.md': '# A\n',
  'packages/core/src/index.ts': '// One.\n// Two.\n',
}
const folders = ['docs', 'packages', 'packages/core', 'packages/core/src', '.']

const messages = (file: string, text: string): ReadonlyArray<string> =>
  brokenLinks(file, {
    exists: (path) => path in documents || path === file || folders.includes(path),
    readText: (path) => (path === file ? text : (documents[path] ?? '')),
  }).map(({ line, message }) => `${line}: ${message}`)

test('links that lead somewhere are accepted', () => {
  const text = `# Here
[file](../README.md) [folder](../packages/core/) ![image](<a file.md>) [own](#here)
[heading](../README.md#how-to-start-quickly) [second](../README.md#twice-1 "a title")
[encoded](a%20file.md) [line](../packages/core/src/index.ts#L2) [root](/README.md)
[out](https://example.org/nowhere) [mail](mailto:a@example.org)
\`[code](nowhere.md)\` <!-- [comment](nowhere.md) -->

\`\`\`md
[fenced](nowhere.md)
\`\`\`

[ref]: ../README.md#selfsame
`
  expect(messages('docs/guide.md', text)).toEqual([])
})

test('links that lead nowhere are named with their line', () => {
  const text = `# Here
[file](nowhere.md)
[heading](../README.md#nowhere)
[own](#there)
[line](../packages/core/src/index.ts#L9)
[out](../../shared/spec.md)
[bad](%zz.md)
[ref]: nowhere.md
<img src="nowhere.png">
`
  expect(messages('docs/guide.md', text).toSorted()).toEqual([
    '2: nowhere.md leads nowhere',
    '3: ../README.md#nowhere names a heading that is not there',
    '4: #there names a heading that is not there',
    '5: ../packages/core/src/index.ts#L9 names a line that is not there',
    '6: ../../shared/spec.md leads out of the repository',
    '7: %zz.md is not a valid link',
    '8: nowhere.md leads nowhere',
    '9: nowhere.png leads nowhere',
  ])
})

test('headings inside code are no anchors, explicit anchors are', () => {
  const text = '# A *b* [c](d.md)!\n\n```sh\n# not a heading\n```\n\n<a id="named"></a>\n'
  expect([...anchorsIn(text)]).toEqual(['a-b-c', 'named'])
})

test('a link may hold one pair of brackets', () => {
  expect(linksIn('[x](a_(b).md)').map(({ target }) => target)).toEqual(['a_(b).md'])
})
