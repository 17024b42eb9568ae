// The page: who the person is, the life as a picture, the merges, and the chain of events.

import { createHash } from 'node:crypto'
import type { UserView } from '@selfsame/core'
import type { Life } from '../gather.js'
import { type Html, html, type Part, sheet, textOf } from '../html.js'
import { identityText } from '../lanes/identities.js'
import { type Person, personIn } from '../person.js'
import { timeOf } from '../time.js'
import { eventsTable } from './events.js'
import { figureOf, peopleList } from './figure.js'
import { heldTable } from './held.js'
import { mergeArticle } from './merges.js'
import { printedAt, style } from './style.js'

/**
 * A life as one page of HTML, whole in itself: it holds no script and may load nothing, so that it opens
 * without network and does nothing but show. What strangers wrote stands in it as text, whatever it is.
 * @since 0.1.0
 * @category Report
 */
export const reportHtml = (life: Life): string => {
  const person = personIn(life)
  const name = nameOf(life)
  const figure = figureOf(life, person, name)
  const css = style + printedAt(figure.width)
  const policy = `default-src 'none'; style-src 'sha256-${digest(css)}'; base-uri 'none'; form-action 'none'`
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${`The life of ${name}`}</title>
${sheet(css)}
</head>
<body>
<a class="skip" href="#life">Skip to the life</a>
${pageHead(life, name)}
<main>
${section('life', 'The life', figure.piece)}
${section('held', 'Held now', held(life, person))}
${section('merges', 'Merges', merges(life, person))}
${section('events', 'Chain of events', html`<div class="scroll" role="region" tabindex="0" aria-label="Events in the order of the log">${eventsTable(life.history.events, person)}</div>`)}
</main>
<footer><p>Made by Selfsame from the log alone. The positions are those of the log: <code>selfsame prove</code> proves each of these events, <code>selfsame verify</code> the whole log.</p></footer>
</body>
</html>
`
  return `<!doctype html>\n${textOf(page)}`
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64')

const section = (id: string, title: string, content: Part): Html =>
  html`<section id="${id}" aria-labelledby="${`${id}-title`}"><h2 id="${`${id}-title`}">${title}</h2>
${content}
</section>
`

const pageHead = ({ found, history, merges }: Life, name: string): Html => {
  const { user } = found
  const first = history.events[0]
  return html`<header>
<p class="eyebrow">Life of a person</p>
<h1>${user === null ? 'An erased person' : html`<bdi>${name}</bdi>`}</h1>
<p class="id"><code>${history.userId}</code></p>
<p class="as-of">As the log tells it up to position <strong>#${found.position}</strong>${found.recordedAt === null ? null : html`, recorded ${timeOf(found.recordedAt)} UTC`}</p>
<dl class="figures">
${figureFact('Is', user === null ? 'erased' : user.type)}
${figureFact('Known since', first === undefined ? 'unknown' : html`${first.recordedAt.slice(0, 10)}`)}
${figureFact('Identities', user === null ? 0 : identitiesIn(user).length)}
${figureFact('Installations', user === null ? 0 : user.installations.length)}
${figureFact('Merges', merges.merges.length)}
${figureFact('Events', history.events.length)}
</dl>
<nav aria-label="On this page"><ul><li><a href="#life">The life</a></li><li><a href="#held">Held now</a></li><li><a href="#merges">Merges</a></li><li><a href="#events">Chain of events</a></li></ul></nav>
</header>
`
}

const figureFact = (name: string, value: Part): Html =>
  html`<div><dt>${name}</dt><dd>${value}</dd></div>`

const identitiesIn = (user: UserView): ReadonlyArray<string> => [
  ...user.emails,
  ...user.phones.map((phone) => identityText('phone', phone)),
  ...(user.externalUserId === null ? [] : [user.externalUserId]),
]

/** By what a reader would call the person. */
const nameOf = ({ found: { user } }: Life): string => {
  if (user === null) return 'an erased person'
  const names = [user.firstName, user.middleName, user.lastName].flatMap((one) =>
    typeof one === 'string' ? [one] : [],
  )
  return names.length > 0 ? names.join(' ') : (identitiesIn(user)[0] ?? 'an anonymous person')
}

const held = ({ explanation }: Life, person: Person): Html => html`
${
  explanation === null
    ? html`<p class="note">This person was erased. Every personal value reads <code>erased</code>, and each identity is named by the position that linked it; what happened, and when, still stands.</p>`
    : html`<div class="scroll" role="region" tabindex="0" aria-label="What the person holds">${heldTable(explanation, person)}</div>`
}
${person.users.length > 1 ? html`<h3>Users in this life</h3>${peopleList(person)}` : null}`

const merges = ({ merges: { merges: all } }: Life, person: Person): Part =>
  all.length === 0
    ? html`<p class="note">Nobody was ever merged into this person.</p>`
    : all.map((merge) => mergeArticle(merge, person))
