// `selfsame report`: a page that is there whole, or not at all, for its owner's eyes.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteStore, systemClock } from '@selfsame/store-sqlite'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { freshFolder, inProcess, lines, parsed } from './selfsame.js'

const folder = freshFolder()
const db = join(folder, 'shop.db')

const commands = [
  { type: 'RegisterInstallation', pushRegistrationId: 'ada-phone', applicationId: 'shop' },
  {
    type: 'Personalize',
    pushRegistrationId: 'ada-phone',
    userIdentity: { externalUserId: 'ada', emails: ['ada@example.com'] },
    userAttributes: { firstName: '<Ada>\u202e' },
  },
  { type: 'CreateUser', userIdentity: { phones: ['+491701234567'] } },
  { type: 'MergeUsers', users: [{ externalUserId: 'ada' }, { phone: '+491701234567' }] },
]

const made = inProcess(['exec', '--db', db], lines(commands))

const report = async (...args: ReadonlyArray<string>) => {
  await made
  return inProcess(['report', '--db', db, ...args])
}

const left = (): ReadonlyArray<string> =>
  readdirSync(folder).filter((name) => name.includes('.html'))

describe('report', () => {
  it('writes a page about a person, and says what it is about', async () => {
    const out = join(folder, 'ada.html')
    const { status, stdout, stderr } = await report('--user', 'email=Ada@Example.com', '--out', out)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(parsed(stdout)).toEqual([
      {
        file: out,
        userId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        position: 9,
        recordedAt: expect.stringMatching(/Z$/),
        events: 9,
      },
    ])
    const page = readFileSync(out, 'utf8')
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(page).toContain('&lt;Ada&gt;\\u{202e}')
    expect(page).not.toMatch(/<Ada>|\u202e/)
    expect(statSync(out).mode & 0o777).toBe(0o600)
  })

  it('tells it in a table at a terminal', async () => {
    await made
    const out = join(folder, 'table.html')
    const args = ['report', '--db', db, '--external-user-id', 'ada', '--at', '6', '--out', out]
    const { status, stdout } = await inProcess(args, '', 80)
    expect(status).toBe(0)
    expect(stdout).toMatch(/page.*table\.html.*as of.*6, recorded.*events.*6/s)
    expect(readFileSync(out, 'utf8')).toContain('Nobody was ever merged into this person.')
  })

  it('replaces nothing unless it is told to, and opens no file before', async () => {
    const out = join(folder, 'there.html')
    writeFileSync(out, 'mine')
    const refused = await inProcess([
      'report',
      '--db',
      join(folder, 'none.db'),
      '--id',
      'x',
      '--out',
      out,
    ])
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toMatch(/there\.html exists.*nothing was written.*--force/s)
    expect(readFileSync(out, 'utf8')).toBe('mine')
    expect((await report('--external-user-id', 'ada', '--out', out, '--force')).status).toBe(0)
    expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>/)
  })

  it('leaves nothing behind where there is no such person, or no place for the page', async () => {
    const before = left()
    const out = join(folder, 'nobody.html')
    const nobody = await report('--email', 'nobody@example.com', '--out', out)
    expect(nobody.status).toBe(2)
    expect(parsed(nobody.stdout)).toMatchObject([{ ok: false, error: { code: 'USER_NOT_FOUND' } }])
    const nowhere = await report('--external-user-id', 'ada', '--out', join(folder, 'no/page.html'))
    expect(nowhere).toMatchObject({ status: 1, stdout: '' })
    expect(nowhere.stderr).toMatch(/cannot be written.*nothing was written/s)
    mkdirSync(join(folder, 'taken.html', 'inside'), { recursive: true })
    const taken = await report(
      '--external-user-id',
      'ada',
      '--out',
      join(folder, 'taken.html'),
      '--force',
    )
    expect(taken.status).toBe(1)
    expect(left().filter((name) => name !== 'taken.html')).toEqual(before)
    expect(existsSync(out)).toBe(false)
  })

  it('wants to know whom, and where to', async () => {
    for (const args of [[], ['--external-user-id', 'ada'], ['--out', join(folder, 'whom.html')]])
      expect(await report(...args)).toMatchObject({ status: 64, stdout: '' })
  })

  it('records whom it showed, and to whom, before it shows it', async () => {
    const out = join(folder, 'looked-at.html')
    const args = ['--external-user-id', 'ada', '--out', out, '--access-log', 'support-7']
    const { status, stdout } = await report(...args)
    expect(status).toBe(0)
    const opened = await openSqliteStore({ file: db, mode: 'existing', clock: systemClock })()
    if (E.isLeft(opened)) throw new Error(opened.left.message)
    const page = await opened.right.log.read([{ types: ['access.PersonalDataShown'] }], {})()
    await opened.right.close()()
    if (E.isLeft(page)) throw new Error(page.left.message)
    const [look, ...more] = page.right.events
    if (look === undefined || !('tags' in look)) throw new Error('no look is recorded')
    expect(more).toEqual([])
    expect(look).toMatchObject({ actor: 'support-7', payload: { command: 'report' } })
    expect(look.tags).toContain(`user:${parsed(stdout)[0]?.userId}`)
    expect(look.tags).toHaveLength(2)
  })
})
