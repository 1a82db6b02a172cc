import { beforeAll, describe, expect, it } from 'vitest'
import { createConsentService } from '../../src/modules/consent/consent.service.ts'
import { type QuietHours, quietUntil } from '../../src/modules/consent/quiet-hours.ts'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
const hours = (text: string): QuietHours => ({ from: minutes(text.slice(0, 5)), to: minutes(text.slice(6)) })
const until = (now: string, zone: string, quiet: string) =>
  quietUntil(new Date(now), zone, hours(quiet))?.toISOString() ?? null

describe('Quiet hours', () => {
  it.each([
    ['2024-06-10T20:59:59Z', null],
    ['2024-06-10T21:00:00Z', '2024-06-11T08:00:00.000Z'],
    ['2024-06-10T23:59:59.999Z', '2024-06-11T08:00:00.000Z'],
    ['2024-06-11T00:00:00Z', '2024-06-11T08:00:00.000Z'],
    ['2024-06-11T07:59:59.999Z', '2024-06-11T08:00:00.000Z'],
    ['2024-06-11T08:00:00Z', null],
    ['2024-06-11T12:00:00Z', null],
  ])('over midnight: at %s until %s', (now, end) => {
    expect(until(now, 'UTC', '21:00-08:00')).toBe(end)
  })

  it.each([
    ['2024-06-10T11:59:59Z', null],
    ['2024-06-10T12:00:00Z', '2024-06-10T14:30:00.000Z'],
    ['2024-06-10T14:29:59Z', '2024-06-10T14:30:00.000Z'],
    ['2024-06-10T14:30:00Z', null],
  ])('within a day: at %s until %s', (now, end) => {
    expect(until(now, 'UTC', '12:00-14:30')).toBe(end)
  })

  it.each([
    ['Europe/Warsaw', '2024-06-10T19:30:00Z', '2024-06-11T06:00:00.000Z'],
    ['Asia/Kathmandu', '2024-06-10T19:30:00Z', '2024-06-11T02:15:00.000Z'],
    ['Pacific/Kiritimati', '2024-06-10T10:00:00Z', '2024-06-10T18:00:00.000Z'],
    ['America/Los_Angeles', '2024-06-10T19:30:00Z', null],
  ])('are those of the wall clock in %s', (zone, now, end) => {
    expect(until(now, zone, '21:00-08:00')).toBe(end)
  })

  it.each([
    // 31 March 2024: 02:00 is followed by 03:00, so this night is an hour shorter.
    ['put on in the night', '2024-03-30T21:00:00Z', '21:00-08:00', '2024-03-31T06:00:00.000Z'],
    // Their end, 02:30, is jumped over.
    ['put on over their end', '2024-03-31T00:15:00Z', '21:00-02:30', '2024-03-31T01:00:00.000Z'],
    ['put on at their end', '2024-03-31T00:15:00Z', '21:00-02:00', '2024-03-31T01:00:00.000Z'],
    // 27 October 2024: after 02:59 comes 02:00 again, so this night is an hour longer.
    ['put back in the night', '2024-10-26T21:00:00Z', '21:00-08:00', '2024-10-27T07:00:00.000Z'],
    ['put back after their end', '2024-10-26T23:00:00Z', '21:00-02:30', '2024-10-27T00:30:00.000Z'],
    ['put back into them', '2024-10-27T01:10:00Z', '21:00-02:30', '2024-10-27T01:30:00.000Z'],
    ['put back to before them', '2024-10-27T00:40:00Z', '02:30-08:00', '2024-10-27T01:00:00.000Z'],
    ['put back at their end', '2024-10-26T23:00:00Z', '21:00-03:00', '2024-10-27T02:00:00.000Z'],
  ])('when the clock is %s end by it', (_, now, quiet, end) => {
    expect(until(now, 'Europe/Warsaw', quiet)).toBe(end)
  })

  it.each(['Europe/Warsaw', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/St_Johns'])(
    'in %s end at the first minute that is not quiet, over every change of the clock in some years',
    (zone) => {
      const clock = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', timeStyle: 'short' })
      const isQuiet = (at: number, { from, to }: QuietHours) => {
        const minute = minutes(clock.format(at))
        return from < to ? from <= minute && minute < to : minute >= from || minute < to
      }
      for (const [from, days] of [
        ['2011-12-28', 5],
        ['2024-03-09', 3],
        ['2024-03-30', 3],
        ['2024-04-06', 3],
        ['2024-10-05', 3],
        ['2024-10-26', 3],
        ['2024-11-02', 3],
      ] as const) {
        for (const quiet of [hours('21:00-08:00'), hours('00:15-02:30'), hours('01:45-01:30')]) {
          const start = Date.parse(from)
          const last = start + days * 86_400_000
          let expected = last + 86_400_000
          while (isQuiet(expected, quiet)) expected += 60_000
          for (let at = last + 86_400_000; at >= start; at -= 60_000) {
            if (!isQuiet(at, quiet)) expected = at
            if (at > last || at % 900_000 !== 0) continue
            const end = quietUntil(new Date(at), zone, quiet)
            expect(end?.getTime() ?? at, `${new Date(at).toISOString()} ${JSON.stringify(quiet)}`).toBe(expected)
          }
        }
      }
    },
  )
})

describe('Whom quiet hours hold back', () => {
  const app = createTestApp()
  let now = new Date()
  const consentWith = (timeZone: string, quiet: string | null = '21:00-08:00') =>
    createConsentService({
      graph: app.graph,
      suppression: app.services.suppression,
      rules: { quietHours: quiet === null ? undefined : hours(quiet), timeZone, cap: undefined },
      changed: () => {},
      clock: () => now,
    })
  beforeAll(async () => {
    await cypher(
      app.driver,
      `UNWIND [['c1', 'Europe/Warsaw'], ['c2', 'America/New_York'], ['c3', null], ['c4', 'Mars/Olympus']] AS row
       CREATE (:Customer {id: row[0], timeZone: row[1]})`,
    )
  })

  it('is told by each customer’s own zone, and by the configured one where there is none or nobody knows it', async () => {
    now = new Date('2024-06-10T20:30:00Z')
    const ends = async (consent: typeof app.services.consent) =>
      [...(await consent.allowed(['c1', 'c2', 'c3', 'c4'], ['EMAIL'])).values()].map(([email]) => email!.quietUntil)
    const warsaw = '2024-06-11T06:00:00.000Z'
    expect(await ends(consentWith('UTC'))).toEqual([warsaw, null, null, null])
    expect(await ends(consentWith('Europe/Warsaw'))).toEqual([warsaw, null, warsaw, warsaw])
    now = new Date(warsaw)
    expect(await ends(consentWith('Europe/Warsaw'))).toEqual([null, '2024-06-11T12:00:00.000Z', null, null])
  })

  it('is nobody on the web, and nobody at all where there are none, as by default', async () => {
    now = new Date('2024-06-10T20:30:00Z')
    const ends = async (consent: typeof app.services.consent) =>
      (await consent.allowed(['c1'], ['WEB', 'PUSH'])).get('c1')!.map(({ quietUntil }) => quietUntil)
    expect(await ends(consentWith('UTC'))).toEqual([null, '2024-06-11T06:00:00.000Z'])
    expect(await ends(consentWith('UTC', null))).toEqual([null, null])
    expect(await ends(app.services.consent)).toEqual([null, null])
  })
})
