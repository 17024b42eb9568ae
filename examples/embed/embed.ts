// A backend that embeds Selfsame: an app starts, somebody logs in, and who is it?

import { openSqliteEngine } from '@selfsame/store-sqlite'
import * as E from 'fp-ts/lib/Either.js'

const opened = await openSqliteEngine({ file: process.argv[2] ?? 'people.db' })()
if (E.isLeft(opened)) throw new Error(`${opened.left.message}; ${opened.left.advice}`)
const engine = opened.right

// The app starts for the first time: an anonymous lead.
await engine.registerInstallation({ pushRegistrationId: 'phone-1', applicationId: 'shop' })()

// Ann logs in. The same commandId may be sent again after a lost answer: it is done once.
const login = await engine.personalize({
  commandId: 'login-4711',
  pushRegistrationId: 'phone-1',
  userIdentity: { phones: ['+48 600 700 800'], emails: ['Ann@Example.com'] },
  userAttributes: { firstName: 'Ann', customAttributes: { plan: 'gold' } },
})()

// A receipt, a refusal (a value: the domain said no) or a failure (the machine did).
if (E.isRight(login)) console.log(login.right.events.map(({ type }) => type).join(', '))
else console.log('error' in login.left ? login.left.error.code : login.left.message)

const found = await engine.fetchUser({ email: 'ann@example.com' })()
if (E.isRight(found)) console.log(found.right.type, found.right.firstName, found.right.phones)

await engine.close()()
