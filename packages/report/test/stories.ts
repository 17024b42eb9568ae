// Lives for the tests of the report: one that has everything, one of a single event, one of five hundred,
// one whose every value is hostile, and one that was erased.

import { auditOf, memoryStore, openEngine } from '@selfsame/core'
import { countingIds, turnedClock } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { type Life, lifeOf } from '../src/index.js'

/** What happens `after` some seconds; `$user:ID` is the user of the receipt of that command. */
interface Scene {
  readonly after: number
  readonly command: Readonly<Record<string, unknown>>
}

const minute = 60
const day = 86_400

const scene = (after: number, command: Scene['command']): Scene => ({ after, command })

/** Plays a story in memory and asks for the life of whom the reference means. */
export const told = async (
  scenes: ReadonlyArray<Scene>,
  reference: unknown,
  moment?: unknown,
): Promise<Life> => {
  const { clock, turn } = turnedClock(Date.parse('2026-03-02T08:14:07.412Z'))
  const store = memoryStore({ clock })
  const engine = openEngine({ store, idSource: countingIds() })
  const users = new Map<string, string>()
  for (const { after, command } of scenes) {
    turn(after * 1000)
    const text = JSON.stringify(command).replace(/\$user:([\w-]+)/g, (_, id) => users.get(id) ?? '')
    const done = await engine.execute(JSON.parse(text))()
    if (E.isLeft(done)) throw new Error(`${text}: ${JSON.stringify(done.left)}`)
    const { commandId, user } = done.right
    if (commandId != null && user != null) users.set(commandId, user.id)
  }
  const life = await lifeOf(auditOf(store), reference, moment)()
  if (E.isLeft(life)) throw new Error(JSON.stringify(life.left))
  return life.right
}

const register = (id: string, more: object = {}) => ({
  type: 'RegisterInstallation',
  pushRegistrationId: id,
  applicationId: 'shop',
  ...more,
})

/** Two phones, a shop, a newsletter, a lent tablet, a merge undone and done again, a reinstalled app. */
export const richScenes: ReadonlyArray<Scene> = [
  scene(
    0,
    register('ada-phone', {
      actor: 'app-server',
      device: { os: 'iOS', deviceModel: 'iPhone 15', language: 'en' },
    }),
  ),
  scene(4 * minute, {
    type: 'SaveUser',
    target: { pushRegistrationId: 'ada-phone' },
    user: { tags: ['window-shopper'] },
    actor: 'app-server',
  }),
  scene(6 * day, {
    type: 'Personalize',
    pushRegistrationId: 'ada-phone',
    userIdentity: { externalUserId: 'shop-4711', emails: ['Ada@Example.com'] },
    userAttributes: { firstName: 'Ada', lastName: 'Lovelace' },
    setAsPrimary: true,
    actor: 'app-server',
    commandId: 'login-8f21',
  }),
  scene(11 * day, {
    type: 'CreateUser',
    userType: 'LEAD',
    userIdentity: { emails: ['ada.l@post.example'] },
    userAttributes: { firstName: 'A.', birthday: '1985-12-10', tags: ['newsletter'] },
    actor: 'newsletter-import',
    commandId: 'import-17',
  }),
  scene(3 * day, register('tablet', { applicationId: 'rewards', actor: 'app-server' })),
  scene(30, {
    type: 'Personalize',
    pushRegistrationId: 'tablet',
    userIdentity: { phones: ['+49 170 1234567'] },
    userAttributes: { firstName: 'Ada', customAttributes: { points: 120 } },
    actor: 'app-server',
  }),
  scene(34 * day, {
    type: 'MergeUsers',
    users: [{ externalUserId: 'shop-4711' }, { email: 'ada.l@post.example' }],
    actor: 'support-7',
    commandId: 'merge-the-adas',
  }),
  scene(2 * day, {
    type: 'MergeUsers',
    users: [{ externalUserId: 'shop-4711' }, { phone: '+491701234567' }],
    policy: 'latest-wins',
    actor: 'support-7',
    commandId: 'merge-the-tablet',
  }),
  scene(5 * minute, {
    type: 'SaveInstallation',
    pushRegistrationId: 'ada-phone',
    device: { appVersion: '3.1' },
    notificationsEnabled: false,
    actor: 'app-server',
  }),
  scene(9 * day, { type: 'Depersonalize', pushRegistrationId: 'tablet', actor: 'app-server' }),
  scene(2 * minute, {
    type: 'Personalize',
    pushRegistrationId: 'tablet',
    userIdentity: { externalUserId: 'shop-9000', phones: ['+44 7911 123456'] },
    actor: 'app-server',
  }),
  scene(40 * day, {
    type: 'UnmergeUsers',
    survivor: { externalUserId: 'shop-4711' },
    absorbed: '$user:import-17',
    actor: 'support-2',
  }),
  scene(1 * day, {
    type: 'MergeUsers',
    users: [{ externalUserId: 'shop-4711' }, { email: 'ada.l@post.example' }],
    overrides: { firstName: '$user:import-17' },
    actor: 'support-2',
    commandId: 'merge-again',
  }),
  scene(120 * day, register('ada-phone-2', { actor: 'app-server' })),
  scene(20, {
    type: 'Personalize',
    pushRegistrationId: 'ada-phone-2',
    userIdentity: { externalUserId: 'shop-4711' },
    setAsPrimary: true,
    actor: 'app-server',
    commandId: 'login-c0de',
  }),
  scene(2 * day, {
    type: 'ExpireInstallation',
    pushRegistrationId: 'ada-phone',
    reason: 'uninstalled',
    actor: 'push-gateway',
  }),
  scene(3 * day, {
    type: 'SaveUser',
    target: { externalUserId: 'shop-4711' },
    user: { emails: ['ada.l@post.example'], tags: ['vip', 'newsletter'], gender: 'Female' },
    actor: 'shop',
  }),
]

export const rich = (moment?: unknown): Promise<Life> =>
  told(richScenes, { externalUserId: 'shop-4711' }, moment)

export const erased = async (): Promise<Life> => {
  const { found } = await rich()
  const erase = {
    type: 'EraseUser',
    target: { externalUserId: 'shop-4711' },
    reason: 'asked-to-be-forgotten',
    actor: 'dpo-1',
  }
  return told([...richScenes, scene(9 * day, erase)], { userId: found.userId })
}

export const single = async (): Promise<Life> => {
  const scenes = [scene(0, register('lone'))]
  const { found } = await told(scenes, { pushRegistrationId: 'lone' })
  return told(scenes, { userId: found.userId }, 1)
}

/** Some five hundred events in two years: people who are merged, values, and a device that goes round. */
export const long = (): Promise<Life> => {
  const id = { externalUserId: 'long' }
  const years = Array.from({ length: 40 }, (_, i): ReadonlyArray<Scene> => {
    const email = `side-${i}@example.com`
    const person = (number: number) => ({ emails: [`guest-${number}@example.com`] })
    return [
      scene(11 * day + i * 977, register(`device-${i}`)),
      scene(3, {
        type: 'Personalize',
        pushRegistrationId: `device-${i}`,
        userIdentity: id,
        setAsPrimary: true,
      }),
      scene(i * 61, {
        type: 'CreateUser',
        userIdentity: { emails: [email] },
        userAttributes: { firstName: `Name ${i}`, tags: [`tag-${i}`] },
      }),
      scene(day, { type: 'MergeUsers', users: [id, { email }], actor: 'support-7' }),
      scene(40, {
        type: 'Personalize',
        pushRegistrationId: 'device-0',
        userIdentity: person(i),
        forceDepersonalize: true,
      }),
      scene(90, {
        type: 'Personalize',
        pushRegistrationId: 'device-0',
        userIdentity: id,
        forceDepersonalize: true,
      }),
      scene(5, { type: 'SaveUser', target: id, user: { customAttributes: { visits: i } } }),
    ]
  })
  const first = { type: 'CreateUser', userIdentity: id, userAttributes: { firstName: 'Long' } }
  return told([scene(0, first), ...years.flat()], id)
}

export const attacks: ReadonlyArray<string> = [
  '<script>document.title="owned"</script>',
  '"><img src="https://evil.example/x.png" onerror="document.title=1">',
  "'><svg onload=alert(1)>",
  '</title></style></table><iframe src="https://evil.example">',
  '<style>@import "https://evil.example/x.css";*{display:none}</style>',
  'javascript:alert(1)',
  '&lt;b&gt; &#60; {{7*7}} `x`',
  '--> <!-- ]]>',
  '\u202etxt.exe\u2066 \u200bhidden\ufeff',
  '\u05d0\u05d1\u05d2 reads the other way',
  'W'.repeat(255),
]

/** Every value that a caller may choose is an attack. */
export const hostile = (): Promise<Life> => {
  const names = attacks.map((attack) => attack.slice(0, 250))
  const id = { externalUserId: names[0] }
  const values = Object.fromEntries(
    names.map((name, i) => [`a${i} ${name.replace(/[{}[\]]/g, '')}`, name]),
  )
  return told(
    [
      scene(
        0,
        register(names[1] ?? '', {
          applicationId: names[2],
          device: { deviceName: names[3], deviceModel: names[8], os: names[4] },
          customAttributes: values,
        }),
      ),
      scene(3600, {
        type: 'Personalize',
        pushRegistrationId: names[1],
        userIdentity: { ...id, emails: ['"<script>"@evil.example'] },
        userAttributes: {
          firstName: names[0],
          lastName: names[8],
          tags: names,
          customAttributes: values,
        },
        setAsPrimary: true,
        commandId: 'login',
      }),
      ...names.slice(1).flatMap((name, i) => [
        scene(60, {
          type: 'CreateUser',
          userIdentity: { externalUserId: name },
          userAttributes: {
            firstName: names[i],
            lastName: name,
            tags: [`${name.slice(0, 200)} ${i}`],
          },
          commandId: `made-${i}`,
        }),
        scene(60, {
          type: 'MergeUsers',
          users: [id, { externalUserId: name }],
          overrides: { externalUserId: '$user:login' },
        }),
      ]),
    ],
    id,
  )
}
