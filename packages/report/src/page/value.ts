// Values of a person as they stand on the page, set apart from the text around them.

import type { Json } from '@selfsame/core'
import { type Html, html } from '../html.js'

/** A value: text as it is, anything else as JSON. Text that runs the other way stays in its place. */
export const shown = (value: Json): Html =>
  typeof value === 'string'
    ? html`<bdi class="value">${value}</bdi>`
    : html`<code class="value">${JSON.stringify(value)}</code>`

const labels: Readonly<Record<string, string>> = {
  createdAt: 'Created',
  promotedAt: 'Promoted',
  externalUserId: 'External id',
  phones: 'Phone',
  emails: 'Email',
  installations: 'Installation',
  os: 'System',
  osVersion: 'System version',
}

/** `deviceModel` as `Device model`. */
const spelled = (name: string): string =>
  name.charAt(0).toUpperCase() +
  name.slice(1).replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)

/** The name of a field for a reader: ours in words, a tag or a custom attribute by its own. */
export const fieldName = (field: string): Html => {
  const dot = field.indexOf('.')
  return dot === -1
    ? html`${labels[field] ?? spelled(field)}`
    : html`<bdi>${field.slice(dot + 1)}</bdi>`
}

/** Identities, in JSON as the log has them, for a reader. */
export const shownValue = (field: string, value: Json): Json =>
  field === 'phones' && typeof value === 'string' && /^\d+$/.test(value) ? `+${value}` : value
