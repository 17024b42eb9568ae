// @selfsame/report: a person's life as one HTML page, from what the auditor answers.

export type { InstallationOwners, Life } from './gather.js'
export { lifeOf } from './gather.js'
export { reportHtml } from './page/page.js'
export { replaceUnseen, visible } from './visible.js'
