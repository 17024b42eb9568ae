// `selfsame exec` as a process: lines in, lines out.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { openFile } from './database.js'
import {
  ended,
  freshFolder,
  inProcess,
  lines,
  parsed,
  program,
  root,
  selfsame,
  start,
  story,
} from './selfsame.js'

const folder = freshFolder()
const create = (name: string) => ({
  type: 'CreateUser',
  userIdentity: { emails: [`${name}@example.com`] },
})

describe('results', () => {
  it('come one a line and in order, and refusals leave the exit status 0', async () => {
    const file = join(folder, 'order.db')
    const names = Array.from({ length: 600 }, (_, at) => `u${at % 500}`)
    const { status, stdout, stderr } = await selfsame(
      ['exec', '--db', file],
      lines(names.map(create)),
    )
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const results = parsed(stdout)
    expect(results).toHaveLength(600)
    expect(results.slice(0, 500).map((one) => one.user?.emails[0])).toEqual(
      names.slice(0, 500).map((name) => `${name}@example.com`),
    )
    expect(new Set(results.slice(500).map((one) => one.error?.code))).toEqual(
      new Set(['USER_MERGE_INTERRUPTED']),
    )
  })

  it('refuse each bad line alone, naming it, and the run goes on', async () => {
    const input = Buffer.concat([
      Buffer.from(`${JSON.stringify(create('a'))}\r\n`),
      Buffer.from('\n   \r\nnonsense\n{"type":\n[1]\n"\u0000"\n'),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from(`"${'x'.repeat(1_048_577)}"\n`),
      Buffer.from(`${'['.repeat(1_000_000)}\n`),
      Buffer.from(JSON.stringify({ ...create('b'), commandId: 'b', colour: 1 })),
    ])
    const { status, stdout, stderr } = await selfsame(
      ['exec', '--db', join(folder, 'bad.db')],
      input,
    )
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const [first, ...results] = parsed(stdout)
    expect(first.user.emails).toEqual(['a@example.com'])
    const fault = (code: string, message: string, line: number) => ({
      ok: false,
      error: {
        code,
        message: `line ${line} ${message}`,
        details: { violations: [{ path: '', code, message }], line },
      },
    })
    const format = 'REQUEST_FORMAT_INVALID'
    expect(results.slice(0, 2)).toEqual([
      fault(format, 'is not JSON', 4),
      fault(format, 'is not JSON', 5),
    ])
    expect(results[2]).toMatchObject({ ok: false, error: { code: format } })
    expect(results[3].error.details.line).toBe(7)
    expect(results[4]).toEqual(fault(format, 'is not UTF-8', 8))
    expect(results[5]).toEqual(fault('LIMIT_EXCEEDED', 'is over 1 MiB of JSON', 9))
    expect(results[6]).toMatchObject({ ok: false, error: { details: { line: 10 } } })
    expect(results[7]).toMatchObject({
      ok: false,
      commandId: 'b',
      error: { code: format, details: { violations: [{ path: '/colour' }] } },
    })
    expect(results).toHaveLength(8)
  })

  it('answer a peer who writes a line and waits, durably before the answer', async () => {
    const file = join(folder, 'peer.db')
    const child = start(['exec', '--db', file])
    const answers = createInterface({ input: child.stdout ?? process.stdin })[
      Symbol.asyncIterator
    ]()
    for (const name of ['ada', 'ben', 'cleo']) {
      child.stdin?.write(lines([create(name)]))
      const { value } = await answers.next()
      expect(JSON.parse(value).user.emails).toEqual([`${name}@example.com`])
    }
    const closed = new Promise((resolve) => child.on('close', resolve))
    child.kill('SIGKILL')
    await closed
    const { status } = await inProcess(['user', '--db', file, '--email', 'cleo@example.com'])
    expect(status).toBe(0)
  })

  it('hold no line whole that is too long', async () => {
    const child = start(['exec', '--db', join(folder, 'long.db')])
    const part = Buffer.alloc(1_048_576, 'x')
    for (let at = 0; at < 300; at += 1)
      if (child.stdin?.write(part) === false)
        await new Promise((resolve) => child.stdin?.once('drain', resolve))
    child.stdin?.write(`\n${lines([create('after')])}`)
    const answers = createInterface({ input: child.stdout ?? process.stdin })[
      Symbol.asyncIterator
    ]()
    expect(JSON.parse((await answers.next()).value).error.code).toBe('LIMIT_EXCEEDED')
    expect(JSON.parse((await answers.next()).value).ok).toBe(true)
    const peak_kb = Number(
      /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1],
    )
    expect(peak_kb).toBeLessThan(300_000)
    child.stdin?.end()
    expect((await ended(child)).status).toBe(0)
  })
})

describe('the end of a run', () => {
  it('is 1 where a command ended in a failure, which stands on its line', async () => {
    const file = join(folder, 'busy.db')
    await inProcess(['exec', '--db', file], lines([create('before')]))
    const holder = openFile(file)
    holder.exec('BEGIN IMMEDIATE')
    const { status, stdout } = await selfsame(
      ['exec', '--db', file],
      lines([create('a'), { type: 'Nonsense' }]),
    )
    holder.exec('ROLLBACK')
    holder.close()
    expect(status).toBe(1)
    const [failed, refused] = parsed(stdout)
    expect(failed).toEqual({
      ok: false,
      failure: {
        kind: 'busy',
        message: expect.any(String),
        safe: expect.any(String),
        advice: expect.any(String),
      },
    })
    expect(refused).toMatchObject({ ok: false, error: { code: 'REQUEST_FORMAT_INVALID' } })
  })

  it('is quiet where the reader has closed stdout: 141, and no more is executed', async () => {
    const file = join(folder, 'head.db')
    const child = start(['exec', '--db', file])
    const remarks = text(child.stderr ?? process.stdin)
    const closed = new Promise((resolve) => child.on('close', resolve))
    child.stdin?.on('error', () => {})
    child.stdin?.write(lines([create('a')]))
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    child.stdout?.destroy()
    child.stdin?.write(lines([create('b')]))
    expect(await closed).toBe(141)
    expect(await remarks).toBe('')
  })

  it('is quiet in a pipeline with head', async () => {
    const commands = join(folder, 'many.ndjson')
    writeFileSync(commands, lines(Array.from({ length: 600 }, (_, at) => create(`u${at}`))))
    const command = [process.execPath, ...program, 'exec', '--db', join(folder, 'pipe.db')]
    const child = spawn('sh', ['-c', `${command.join(' ')} --in ${commands} | head -1`], {
      cwd: root,
    })
    const { stdout, stderr } = await ended(child)
    expect(stderr).toBe('')
    expect(parsed(stdout)).toHaveLength(1)
  })

  it('is a failure, and leaves no file, where the commands cannot be read', async () => {
    const file = join(folder, 'unread.db')
    const { status, stdout, stderr } = await selfsame([
      'exec',
      '--db',
      file,
      '--in',
      join(folder, 'missing.ndjson'),
    ])
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^what happened: .*missing\.ndjson/),
      expect.stringMatching(/^what is safe: {2}/),
      expect.stringMatching(/^what to do: {4}/),
    ])
    expect(existsSync(file)).toBe(false)
  })
})

describe('rules and plans', () => {
  it('--personalize-unknown-identity extend lets row 8 extend', async () => {
    const file = join(folder, 'rules.db')
    const log = (externalUserId: string) => ({
      type: 'Personalize',
      pushRegistrationId: 'p',
      userIdentity: externalUserId === '' ? { phones: ['+491701234567'] } : { externalUserId },
    })
    const register = { type: 'RegisterInstallation', pushRegistrationId: 'p', applicationId: 'a' }
    const [, , refused] = parsed(
      (await inProcess(['exec', '--db', file], lines([register, log('ada'), log('')]))).stdout,
    )
    expect(refused.error.code).toBe('PERSONALIZATION_IMPOSSIBLE')
    const extend = ['--personalize-unknown-identity', 'extend']
    const [extended] = parsed(
      (await inProcess(['exec', '--db', file, ...extend], lines([log('')]))).stdout,
    )
    expect(extended.user).toMatchObject({ externalUserId: 'ada', phones: ['491701234567'] })
  })

  it('a plan of preview is a line of exec: its very events once, or STALE_PREVIEW', async () => {
    const file = join(folder, 'plan.db')
    await inProcess(['exec', '--db', file], lines([create('someone')]))
    const preview = (name: string) => JSON.stringify(create(name), null, 2)
    const seen = await selfsame(['preview', '--db', file], preview('ada'))
    expect(seen.status).toBe(0)
    const { outcome, plan } = JSON.parse(seen.stdout)
    expect(outcome).toBe('planned')
    const unchanged = await inProcess(['user', '--db', file, '--email', 'ada@example.com'])
    expect(unchanged.status).toBe(2)
    const other = JSON.parse((await inProcess(['preview', '--db', file], preview('ada'))).stdout)

    const played = lines([plan, plan, other.plan])
    const [first, again, overtaken] = parsed(
      (await inProcess(['exec', '--db', file], played)).stdout,
    )
    const ids = (events: ReadonlyArray<{ readonly id: string }>) => events.map((one) => one.id)
    expect(ids(first.events)).toEqual(ids(plan.events))
    expect(again).toEqual(first)
    expect(overtaken.error.code).toBe('STALE_PREVIEW')
  })

  it('preview ends with 2 where the command would be refused, or is none', async () => {
    const file = join(folder, 'preview.db')
    await inProcess(['exec', '--db', file], lines([create('ada')]))
    const [again, nothing, missing] = await Promise.all([
      inProcess(['preview', '--db', file], JSON.stringify(create('ada'))),
      inProcess(['preview', '--db', file], 'nonsense'),
      inProcess(['preview', '--db', join(folder, 'none.db')], JSON.stringify(create('ada'))),
    ])
    expect(again?.status).toBe(2)
    expect(JSON.parse(again?.stdout ?? '')).toMatchObject({
      outcome: 'refused',
      refusal: { ok: false, error: { code: 'USER_MERGE_INTERRUPTED' } },
    })
    expect(nothing?.status).toBe(2)
    expect(JSON.parse(nothing?.stdout ?? '').refusal.error.code).toBe('REQUEST_FORMAT_INVALID')
    expect(missing?.status).toBe(1)
    expect(existsSync(join(folder, 'none.db'))).toBe(false)
  })

  it('the story of the quickstart plays as a file, but for the line that needs an id', async () => {
    const { status, stdout } = await inProcess([
      'exec',
      '--db',
      join(folder, 'story.db'),
      '--in',
      story,
    ])
    expect(status).toBe(0)
    const refusals = parsed(stdout).flatMap((one, at) => (one.ok ? [] : [[at + 1, one.error.code]]))
    expect(new Set(refusals.map(([, code]) => code)).size).toBe(13)
    expect(refusals).toContainEqual([37, 'REQUEST_FORMAT_INVALID'])
  })
})
