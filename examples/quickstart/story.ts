// What commands.ndjson tells, line by line, and what each line must lead to. The demo compares.

import type { EventType, RefusalCode } from '@selfsame/core'

/** The events recorded, a refusal, or `again`: the receipt that its command id had before. */
export type Expected = ReadonlyArray<EventType> | RefusalCode | 'again'

export interface Scene {
  readonly says: string
  readonly expect: Expected
}

export interface Chapter {
  readonly title: string
  readonly scenes: ReadonlyArray<Scene>
}

const scene = (says: string, expect: Expected): Scene => ({ says, expect })

export const chapters: ReadonlyArray<Chapter> = [
  {
    title: 'The shop opens',
    scenes: [
      scene('A list attribute has to be declared: what an order is.', ['AttributeDefined']),
      scene('Every start of the server says so again, which changes nothing.', []),
      scene('A developer would like orders to be a text instead.', 'ATTRIBUTE_CONFLICT'),
    ],
  },
  {
    title: 'Ada looks around, then signs up',
    scenes: [
      scene('Somebody starts the shop app for the first time.', [
        'UserCreated',
        'InstallationRegistered',
      ]),
      scene('She likes it dark.', ['AttributeDefined', 'InstallationUpdated']),
      scene('Nobody knows who she is, yet she has a tag and a favourite colour.', [
        'AttributeDefined',
        'UserAttributesChanged',
      ]),
      scene('The app logs her in without saying as whom.', 'USER_IDENTITY_INVALID'),
      scene('She gives a phone number that cannot exist.', 'PHONE_INVALID'),
      scene('She forgets the @ of her address.', 'EMAIL_INVALID'),
      scene(
        'The app misspells an option. An unknown key is refused: it must not mean "no".',
        'REQUEST_FORMAT_INVALID',
      ),
      scene('She signs up: what she did before stays hers.', [
        'IdentityLinked',
        'IdentityLinked',
        'ProfilePromoted',
        'UserAttributesChanged',
        'PrimaryAssigned',
      ]),
      scene('She orders twice and becomes a very important person.', ['UserAttributesChanged']),
      scene('The same tags in another order are no news.', []),
      scene('An order without a day, its total a word.', 'REQUEST_FORMAT_INVALID'),
    ],
  },
  {
    title: 'A second phone, in the other app',
    scenes: [
      scene('The rewards app starts on another phone.', ['UserCreated', 'InstallationRegistered']),
      scene('She logs in there: the anonymous user is absorbed, her phone number is new.', [
        'UsersMerged',
        'IdentityLinked',
      ]),
      scene('That phone shall be her primary one.', ['PrimaryCleared', 'PrimaryAssigned']),
    ],
  },
  {
    title: 'Ben lends his phone',
    scenes: [
      scene('Ben comes by an import, without any device.', [
        'UserCreated',
        'IdentityLinked',
        'IdentityLinked',
        'UserAttributesChanged',
      ]),
      scene('The import meets his number again, written otherwise.', 'USER_MERGE_INTERRUPTED'),
      scene('Ben installs the shop app ...', ['UserCreated', 'InstallationRegistered']),
      scene('... and logs in by his number.', ['UsersMerged']),
      scene("His phone asks to change Ada's primary device.", 'INSTALLATION_NOT_OWNED'),
      scene('Ada borrows his phone and logs in. It is his.', 'PERSONALIZATION_IMPOSSIBLE'),
      scene('She insists: only this device moves, Ben keeps all the rest.', [
        'InstallationDetached',
        'InstallationAttached',
      ]),
      scene('At home she logs the borrowed phone out from her own.', [
        'UserCreated',
        'InstallationDetached',
        'InstallationAttached',
      ]),
      scene('Once more? It is no longer hers.', 'INSTALLATION_NOT_OWNED'),
      scene('Ben logs in again.', ['UsersMerged', 'PrimaryAssigned']),
      scene('Ada logs out of her second phone.', [
        'UserCreated',
        'PrimaryCleared',
        'InstallationDetached',
        'InstallationAttached',
      ]),
      scene('Logging out twice changes nothing.', []),
    ],
  },
  {
    title: 'Support: one person or two?',
    scenes: [
      scene('A newsletter form knows a Benjamin.', [
        'UserCreated',
        'IdentityLinked',
        'UserAttributesChanged',
      ]),
      scene(
        'Ben logs in with both addresses: the engine does not guess.',
        'AMBIGUOUS_PERSONALIZE_CANDIDATES',
      ),
      scene('Support picks the wrong two, who have an account each.', 'MERGE_CONFLICT'),
      scene('Support merges Ben and Benjamin.', ['UsersMerged']),
      scene('The network fails, so the same command comes again.', 'again'),
      scene('Its command id with other content is another matter.', 'COMMAND_ID_REUSED'),
      scene('Ben is made a very important person.', ['UserAttributesChanged']),
      scene(
        'Benjamin turns out to be his brother: the merge is undone, the new tag stays with Ben.',
        ['UsersUnmerged'],
      ),
      scene('Support tags an address that nobody owns.', 'USER_NOT_FOUND'),
    ],
  },
  {
    title: 'A reinstall, and an app that is gone',
    scenes: [
      scene('Ada installs the app anew: it claims the push token, so the old installation ends.', [
        'InstallationExpired',
        'UserCreated',
        'InstallationRegistered',
      ]),
      scene('A late message of the old one.', 'NO_REGISTRATION'),
      scene('She logs in.', ['UsersMerged', 'PrimaryAssigned']),
      scene('She wants no notifications.', ['InstallationUpdated']),
      scene('The rewards app is uninstalled from the second phone.', ['InstallationExpired']),
      scene('The push service says so twice.', []),
    ],
  },
  {
    title: 'Ada asks to be forgotten',
    scenes: [
      scene('Everything personal of hers goes; her phone becomes nobody’s.', [
        'UserCreated',
        'UserErased',
      ]),
      scene('Nobody has her address now ...', 'USER_NOT_FOUND'),
      scene('... so somebody new may have it.', [
        'UserCreated',
        'IdentityLinked',
        'UserAttributesChanged',
      ]),
    ],
  },
]

/** Who owns what when the story ends, in the order of the table that the demo prints. */
export const ending: ReadonlyArray<ReadonlyArray<string>> = [
  ['Ada Byron', 'CUSTOMER', 'ada@example.com', '', ''],
  ['Ben', 'CUSTOMER', 'ben, +447911123456', 'ben-phone (primary)', 'vip'],
  ['Benjamin', 'LEAD', 'benjamin@work.example', '', 'newsletter'],
  ['nobody known', 'LEAD', '', '', ''],
  ['nobody known', 'LEAD', '', 'ada-phone-reinstalled', ''],
]

/** Every identity that was ever linked, as the log has it then: the first Ada's are erased. */
export const identities: ReadonlyArray<ReadonlyArray<string>> = [
  ['8', 'externalUserId', 'erased:8'],
  ['9', 'email', 'erased:9'],
  ['17', 'phone', 'erased:17'],
  ['21', 'externalUserId', 'ben'],
  ['22', 'phone', '447911123456'],
  ['39', 'email', 'benjamin@work.example'],
  ['54', 'email', 'ada@example.com'],
]
