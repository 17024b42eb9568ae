// What was changed in an evidence folder, file by file and field by field, its own script tells.

import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  ada,
  at,
  type Bundle,
  bundle,
  check,
  commands,
  evidence,
  file,
  key,
  printed,
} from './evidence-case.js'
import { inProcess, lines } from './selfsame.js'

/** Changes the bundle of a copy, and asks its script. */
const tampered = (change: (copy: Bundle, name: string) => void) => {
  const name = 'tampered'
  rmSync(at(name), { recursive: true, force: true })
  cpSync(at('ada'), at(name), { recursive: true })
  const copy = bundle(name)
  change(copy, name)
  if (JSON.stringify(copy) !== JSON.stringify(bundle('ada')))
    writeFileSync(at(name, 'evidence.json'), JSON.stringify(copy, null, 2))
  return check(name)
}

/** Rewrites a file of a copy; the text must be another one then. */
const rewritten = (name: string, path: string, change: (text: string) => string): void => {
  const text = file(name, path)
  const other = change(text)
  expect(other).not.toBe(text)
  writeFileSync(at(name, path), other)
}

const eventAt = ({ events }: Bundle, position: number) =>
  events.find((one: { position: number }) => one.position === position)
const explained = ({ explanation }: Bundle, field: string) =>
  explanation.fields.find((one: { field: string }) => one.field === field)

const linkTo = ({ position, recordedAt, type, payload, actor, commandId }: Bundle) => ({
  position,
  recordedAt,
  type,
  userId: payload.userId,
  other: null,
  actor,
  commandId,
  decision: null,
})

const otherLetter = (text: string): string => `${text.startsWith('a') ? 'b' : 'a'}${text.slice(1)}`

const cases: ReadonlyArray<readonly [string, RegExp, (copy: Bundle, name: string) => void]> = [
  ['an actor', /position 10: it does not stand/, (one) => (eventAt(one, 10).actor = 'mallory')],
  [
    'a time',
    /position 1: it does not stand/,
    (one) => (eventAt(one, 1).recordedAt = '2020-01-01T00:00:00.000Z'),
  ],
  [
    'a payload',
    /position 18: it does not stand/,
    (one) => (eventAt(one, 18).payload.policy = 'latest-wins'),
  ],
  [
    'a position',
    /position 9: its proof/,
    (one, name) => {
      eventAt(one, 10).position = 9
      cpSync(at(name, 'proofs/10.tlog-proof'), at(name, 'proofs/9.tlog-proof'))
    },
  ],
  [
    'a value',
    /position 10: a value or its salt/,
    (one) => (eventAt(one, 10).boxes[0].content.values.firstName = 'Eve'),
  ],
  [
    'a number, in a digit that a double does not hold',
    /position 10: a value or its salt/,
    (_, name) =>
      rewritten(name, 'evidence.json', (text) =>
        text.replace('1e+25', '1.0000000000000000001e+25'),
      ),
  ],
  [
    'a salt',
    /position 3: a value or its salt/,
    (one) => (eventAt(one, 3).boxes[0].salt = otherLetter(eventAt(one, 3).boxes[0].salt)),
  ],
  [
    'a value with its commitment',
    /position 3: it does not stand/,
    (one) => (eventAt(one, 3).boxes[0].sha256 = otherLetter(eventAt(one, 3).boxes[0].sha256)),
  ],
  [
    'the owner of a box',
    /position 3: it does not stand/,
    (one) => (eventAt(one, 3).boxes[0].owner = eventAt(one, 11).payload.userId),
  ],
  [
    'an open box, closed',
    /the explanation of firstName/,
    (one) =>
      Object.assign(eventAt(one, 10).boxes[0], { closed: 'withheld', salt: null, content: null }),
  ],
  [
    'a hash in a proof',
    /position 3: it does not stand/,
    (_, name) => rewritten(name, 'proofs/3.tlog-proof', swapFirstHash),
  ],
  [
    'the place in a proof',
    /position 3: its proof is of another place/,
    (_, name) =>
      rewritten(name, 'proofs/3.tlog-proof', (text) => text.replace('index 2', 'index 3')),
  ],
  [
    'a proof, taken away',
    /position 3 cannot be checked/,
    (_, name) => rmSync(at(name, 'proofs/3.tlog-proof')),
  ],
  [
    'the root that was signed',
    /not signed by this key/,
    (_, name) => rewritten(name, 'checkpoint', (text) => text.replace(/\n23\n./, '\n23\nX')),
  ],
  [
    'the size that was signed',
    /not signed by this key/,
    (_, name) => rewritten(name, 'checkpoint', (text) => text.replace('\n23\n', '\n24\n')),
  ],
  [
    'a signature',
    /not signed by this key/,
    (_, name) =>
      rewritten(name, 'checkpoint', (text) => text.replace(/(\S{20})(.)(\S*\n)$/, swapMiddle)),
  ],
  [
    'an event, dropped with its proof',
    /names position 14, which is not here/,
    (one, name) => drop(one, name, 14),
  ],
  [
    'the creation of an absorbed user, dropped',
    /the event that created \S+ is not here/,
    (one, name) => drop(one, name, 11),
  ],
  ['a merge, dropped', /no event at 18 merged/, (one, name) => drop(one, name, 18)],
  [
    'an event, dropped from the list only',
    /proofs\/14.tlog-proof belongs to no event/,
    (one) => one.events.splice(one.events.indexOf(eventAt(one, 14)), 1),
  ],
  ['the order of events', /events are out of order/, (one) => one.events.reverse()],
  ['an event, twice', /events are out of order/, (one) => one.events.push(one.events[0])],
  [
    'an explained value',
    /no event here gives "Eve"/,
    (one) => (explained(one, 'firstName').value = 'Eve'),
  ],
  [
    'an explained tag',
    /the explanation of tags.boss: no event/,
    (one) => (explained(one, 'tags.vip').field = 'tags.boss'),
  ],
  [
    'an explained number',
    /no event here gives 2e\+25/,
    (one) => (explained(one, 'customAttributes.big').value = 2e25),
  ],
  [
    'an explained actor',
    /the explanation of firstName has another actor/,
    (one) => (explained(one, 'firstName').chain.at(-1).actor = 'mallory'),
  ],
  [
    'a rejected value',
    /the merge at 18: no event here gives "Eve"/,
    (one) => (one.merges.merges[0].fields[0].rejected.value = 'Eve'),
  ],
  [
    'a policy',
    /the merge at 18 has another policy/,
    (one) => (one.merges.merges[0].policy = 'latest-wins'),
  ],
  [
    'which side was chosen',
    /the merge at 18 has another (position|userId)/,
    ({ merges: { merges } }) => {
      const [field] = merges[0].fields
      ;[field.chosen, field.rejected] = [field.rejected, field.chosen]
    },
  ],
  [
    'a moved phone number',
    /the merge at 18: no event here gives "493012345678"/,
    (one) => (one.merges.merges[0].moved[0].value = '493012345678'),
  ],
  ['an erasure, claimed', /a value is revealed of somebody erased/, (one) => (one.erasedAt = 99)],
  [
    'an absorption, invented',
    /the event that created nobody is not here/,
    (one) => one.absorbed.push({ ...one.absorbed[0], userId: 'nobody' }),
  ],
  [
    'a name beside those of an event, for the eye',
    /position 10: it has more or less than an event has/,
    (one) => (eventAt(one, 10).firstName = 'Eve'),
  ],
  [
    'a name beside those of a box',
    /position 10: a box has more than a box has/,
    (one) => (eventAt(one, 10).boxes[0].firstName = 'Eve'),
  ],
  [
    'an explanation that stops before the last write',
    /the explanation of lastName does not know of position 21/,
    (one) => {
      // What she had by the merge, with a chain that is true as far as it goes.
      const chain = explained(one, 'phones').chain.map((link: { position: number }) =>
        link.position === 12 ? linkTo(eventAt(one, 14)) : link,
      )
      Object.assign(explained(one, 'lastName'), { value: 'Lovelace', chain })
    },
  ],
  [
    'an identity that was released, as if it were held',
    /the explanation of phones does not know of position 20/,
    (one) => {
      const phone = structuredClone(explained(one, 'phones'))
      const chain = phone.chain.map((link: { position: number }) =>
        link.position === 12 ? { ...link, ...linkTo(eventAt(one, 13)) } : link,
      )
      one.explanation.fields.push({ ...phone, value: '491701234569', chain })
    },
  ],
  [
    'the user that a link is about',
    /the explanation of firstName has another userId/,
    (one) => (explained(one, 'firstName').chain.at(-1).userId = one.absorbed[0].userId),
  ],
  [
    'a decision, told as another kind of one',
    /the explanation of firstName has another settledBy/,
    (one) =>
      Object.assign(explained(one, 'firstName').upheld[0].decision, {
        settledBy: 'union',
        policy: 'none',
      }),
  ],
  [
    'a decision where none was made',
    /the explanation of firstName: nothing was decided at 1$/m,
    (one) => {
      const { chain, upheld } = explained(one, 'firstName')
      chain[0].decision = upheld[0].decision
    },
  ],
  [
    'how a field was settled',
    /the merge at 18 has another settledBy/,
    (one) => (one.merges.merges[0].fields[0].settledBy = 'override'),
  ],
  [
    'a merge, left out of the reasons',
    /the merges are not those that absorbed somebody/,
    (one) => one.merges.merges.pop(),
  ],
  [
    'a merge, left out of the reasons and of who was absorbed',
    /whom the merge at 19 absorbed is not said/,
    (one) => {
      one.merges.merges.pop()
      one.absorbed.pop()
    },
  ],
  [
    'that a merge was undone',
    /the merge at 19 has another undone/,
    (one) => (one.merges.merges[1].undone = null),
  ],
  [
    'an identity of a merge, left out',
    /the merge at 18 has another moved/,
    (one) => one.merges.merges[0].moved.pop(),
  ],
  ['the name of the log', /of another log or size/, (one) => (one.log = 'example.com/other')],
  ['the size', /of another log or size/, (one) => (one.size = 22)],
  [
    'the key in PEM',
    /public-key.pem is another key/,
    (_, name) => rewritten(name, 'public-key.pem', (text) => text.replace(/.=\n/, 'A=\n')),
  ],
]

const swapFirstHash = (text: string): string => text.replace(/\n(.)(\S{43})\n/, '\nX$2\n')
const swapMiddle = (_: string, before: string, one: string, after: string): string =>
  `${before}${one === 'A' ? 'B' : 'A'}${after}`

const drop = (one: Bundle, name: string, position: number): void => {
  one.events.splice(one.events.indexOf(eventAt(one, position)), 1)
  rmSync(at(name, `proofs/${position}.tlog-proof`))
}

describe('what was changed in a folder is told, and the script exits 1', () => {
  it.each(cases)('%s', (_, problem, change) => {
    const { status, stdout, stderr } = tampered(change)
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toMatch(problem)
    expect(stdout).toMatch(/^(PROBLEM: .+\n)+$/)
  })

  it('a name given twice, one for the eye and one for the script', () => {
    rmSync(at('twice'), { recursive: true, force: true })
    cpSync(at('ada'), at('twice'), { recursive: true })
    rewritten('twice', 'evidence.json', (text) =>
      text.replace('"firstName": "Ada"', '"firstName": "Eve", "firstName": "Ada"'),
    )
    expect(check('twice')).toMatchObject({ status: 1, stdout: /stands twice/ })
  })

  it('a checkpoint signed anew by another key: by the key that is known', async () => {
    const signer = at('mallory')
    const other = at('other.db')
    await inProcess(['exec', '--db', other], lines(commands.slice(0, 1)))
    const own = ['--db', other, '--signing-key', signer]
    await printed('checkpoint', ...own, '--new-key', 'example.com/shop')
    // Somebody who can read the store, but not the key that signs for it.
    const { status } = await evidence('resigned', ...ada, '--signing-key', signer)
    expect(status).toBe(0)
    expect(check('resigned')).toMatchObject({ status: 0 })
    expect(check('resigned', key())).toMatchObject({
      status: 1,
      stdout: 'PROBLEM: the public key is not yours\n',
    })
    for (const mine of ['public-key.txt', 'public-key.pem'])
      cpSync(at('ada', mine), at('resigned', mine))
    expect(check('resigned')).toMatchObject({
      status: 1,
      stdout: 'PROBLEM: the checkpoint is not signed by this key\n',
    })
  })

  it('not an event that nothing else refers to: no script can tell, and the README says so', () => {
    const { status, stdout } = tampered((one, name) => {
      const released = one.events.find(({ type }: { type: string }) => type === 'IdentityReleased')
      drop(one, name, released.position)
    })
    expect(status).toBe(0)
    expect(stdout).toContain('no problem: 17 events')
    expect(file('ada', 'README.md')).toMatch(/event that\s+nothing refers to can be left out/)
  })
})
