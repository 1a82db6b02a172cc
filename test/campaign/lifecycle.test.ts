import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, startTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { campaigning, FAR, inSeconds, openShop } from './world.ts'

const STATES = ['DRAFT', 'SCHEDULED', 'RUNNING', 'PAUSED', 'COMPLETED'] as const
const ALLOWED = {
  schedule: { from: ['DRAFT'], to: 'SCHEDULED' },
  launch: { from: ['DRAFT', 'SCHEDULED', 'PAUSED'], to: 'RUNNING' },
  pause: { from: ['RUNNING'], to: 'PAUSED' },
  complete: { from: ['RUNNING', 'PAUSED'], to: 'COMPLETED' },
} as const
const STEPS = ['schedule', 'launch', 'pause', 'complete'] as const

describe('A campaign', () => {
  const app = createTestApp()
  const { create, build, ready, step, tryStep, tryUpdate, status, input } = campaigning(app)
  beforeAll(() => openShop(app))

  const set = (id: string, to: string) =>
    cypher(app.driver, 'MATCH (k:Campaign {id: $id}) SET k.status = $to', { id, to })

  it.each(STEPS.flatMap((name) => STATES.map((from) => [name, from] as const)))(
    'takes the step to %s from %s only where it is a step, and names both states where it is none',
    async (name, from) => {
      const id = await ready()
      await set(id, from)
      const { data, errors } = await tryStep(name, id)
      const { from: allowed, to } = ALLOWED[name]
      if ((allowed as readonly string[]).includes(from)) expect(data.done.status).toBe(to)
      else {
        expect(errors![0]!.extensions.code).toBe('CONFLICT')
        expect(errors![0]!.message).toContain(`is ${from}: it can become ${to} only from`)
        expect(await status(id)).toBe(from)
      }
    },
  )

  it('starts with an audience that is built of it as it is, and approved by who did not write it', async () => {
    const id = await create()
    await expect(step('launch', id)).rejects.toThrow(/not approved/)
    const own = await tryStep('approve', id, 'MARKETER')
    expect(own.errors![0]!.extensions.code).toBe('FORBIDDEN')
    expect(await step('approve', id)).toMatchObject({ status: 'DRAFT', approvedBy: 'admin' })
    await expect(step('launch', id)).rejects.toThrow(/audience is not built/)
    await build(id)
    const { status, launchedAt } = await step('launch', id)
    expect([status, Boolean(launchedAt)]).toEqual(['RUNNING', true])
  })

  it('has to be built and approved again when its draft became something else, and not when it was only renamed', async () => {
    const id = await ready()
    const renamed = (await tryUpdate(id, { ...(await said(id)), name: 'Summer' })).data.done
    expect(renamed).toMatchObject({
      name: 'Summer',
      approvedBy: 'admin',
      lastEdit: { by: 'marketer', approvalDropped: false },
    })
    expect(renamed.lastEdit.changes).toEqual([{ field: 'name', affects: expect.stringContaining('Nothing') }])
    const changed = (await tryUpdate(id, { ...(await said(id)), holdoutShare: 0.5 })).data.done
    expect(changed).toMatchObject({ approvedBy: null, lastEdit: { approvalDropped: true, statusBefore: 'DRAFT' } })
    await step('approve', id)
    await expect(step('schedule', id)).rejects.toThrow(/audience is not built/)
    await build(id)
    expect((await step('schedule', id)).status).toBe('SCHEDULED')
  })

  it('is not approved by whoever changed it last, be it not the author', async () => {
    const id = await create()
    const variables = { id, input: input({ priority: 3 }) }
    const query = 'mutation ($id: ID!, $input: CampaignInput!) { updateCampaign(id: $id, input: $input) { id } }'
    await app.data(query, { role: 'ADMIN', variables })
    expect((await tryStep('approve', id, 'ADMIN')).errors![0]!.extensions.code).toBe('FORBIDDEN')
    const token = await app.token('MARKETER', { subject: 'somebody else' })
    const approved = await app.ask('mutation ($id: ID!) { approveCampaign(id: $id) { approvedBy } }', {
      token,
      variables: { id },
    })
    expect(approved.data.approveCampaign).toEqual({ approvedBy: 'somebody else' })
  })

  it('does not start before its time but by its schedule, and not when it is over', async () => {
    const early = await ready({ startsAt: inSeconds(3_600) })
    await expect(step('launch', early)).rejects.toThrow(/cannot be RUNNING before .*: schedule it/)
    const late = await ready({ startsAt: inSeconds(-60), endsAt: inSeconds(-1) })
    for (const name of ['schedule', 'launch'] as const) await expect(step(name, late)).rejects.toThrow(/ended at/)
  })

  it('goes back to DRAFT when it is edited while SCHEDULED, and waits in PAUSED for an approval when RUNNING', async () => {
    const scheduled = await ready({ startsAt: inSeconds(3_600) })
    await step('schedule', scheduled)
    const back = (await tryUpdate(scheduled, { startsAt: inSeconds(7_200) })).data.done
    expect(back).toMatchObject({ status: 'DRAFT', approvedBy: null, lastEdit: { statusBefore: 'SCHEDULED' } })

    const running = await ready()
    await step('launch', running)
    const { startsAt } = await said(running)
    const edited = (await tryUpdate(running, { startsAt, endsAt: inSeconds(9_999), products: ['a'] })).data.done
    expect(edited).toMatchObject({
      status: 'PAUSED',
      approvedBy: null,
      lastEdit: { statusBefore: 'RUNNING', approvalDropped: true },
    })
    expect(edited.lastEdit.changes).toHaveLength(2)
    expect(edited.lastEdit.changes).toContainEqual({
      field: 'products',
      affects: 'Customers who are decided about from now on; what is decided about 20 stays as it is.',
    })
    expect(edited.lastEdit.changes).toContainEqual({
      field: 'endsAt',
      affects: 'Decisions are handed over until then.',
    })
    await expect(step('launch', running)).rejects.toThrow(/not approved/)
    await step('approve', running)
    expect((await step('launch', running)).status).toBe('RUNNING')
  })

  it('keeps its start and an end that lies ahead once it runs, and nothing is changed when COMPLETED', async () => {
    const id = await ready()
    await step('launch', id)
    const { startsAt } = await said(id)
    const before = await said(id)
    for (const [field, over] of [
      ['startsAt', { startsAt: inSeconds(-5) }],
      ['endsAt', { startsAt, endsAt: inSeconds(-1) }],
    ] as const)
      expect((await tryUpdate(id, over)).errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
    expect(await said(id)).toEqual(before)
    await step('complete', id)
    expect((await tryUpdate(id, { startsAt })).errors![0]!.extensions.code).toBe('CONFLICT')
    expect((await tryStep('approve', id)).errors![0]!.message).toContain('COMPLETED')
  })

  const said = async (id: string) =>
    (
      await cypher<{ startsAt: string; endsAt: string }>(
        app.driver,
        'MATCH (k:Campaign {id: $id}) RETURN toString(k.startsAt) AS startsAt, toString(k.endsAt) AS endsAt',
        { id },
      )
    )[0]!

  it('takes steps of two at the same moment one after the other', async () => {
    const id = await ready()
    await step('launch', id)
    const answers = await Promise.all([...Array(4)].map(() => tryStep('complete', id)))
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1)
    expect(answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code))).toEqual(
      Array(3).fill('CONFLICT'),
    )
  })

  it('that is not there is NOT_FOUND for every step', async () => {
    for (const name of ['approve', ...STEPS] as const)
      expect((await tryStep(name, 'none')).errors![0]!.extensions.code).toBe('NOT_FOUND')
  })
})

describe('Several instances', () => {
  const app = createTestApp()
  const { ready, step, status } = campaigning(app)
  beforeAll(() => openShop(app))

  it('start a scheduled campaign and end it by themselves, once each, one of them stopped meanwhile', async () => {
    const others = [await startTestApp(), await startTestApp()]
    const heard: string[] = []
    const events = app.services.events.subscribe('campaignChanged', null)
    const listening = (async () => {
      for await (const { campaignId } of events) heard.push(campaignId)
    })()
    const ids = await Promise.all([1, 2, 3].map(() => ready({ startsAt: inSeconds(6), endsAt: FAR })))
    const over = await ready()
    await step('launch', over)
    for (const id of ids) await step('schedule', id)
    await others[0]!.stop()
    await cypher(app.driver, 'MATCH (k:Campaign {id: $over}) SET k.endsAt = datetime.realtime()', { over })
    await expect.poll(() => status(over), { timeout: 30_000 }).toBe('COMPLETED')
    for (const id of ids) await expect.poll(() => status(id), { timeout: 30_000 }).toBe('RUNNING')
    const changes = (id: string) => heard.filter((one) => one === id).length
    // Made, approved, scheduled or launched, and started or ended by itself.
    for (const id of [...ids, over]) await expect.poll(() => changes(id), { timeout: 30_000 }).toBe(4)
    const [found] = await cypher<{ late: number }>(
      app.driver,
      `MATCH (k:Campaign) WHERE k.id IN $ids RETURN min(duration.inSeconds(k.startsAt, k.launchedAt).seconds) AS late`,
      { ids },
    )
    expect(found!.late).toBeGreaterThanOrEqual(0)
    await others[1]!.stop()
    await events.return?.()
    await listening
  })

  it('start after a restart what became due while none ran', async () => {
    const id = await ready({ startsAt: inSeconds(3_600) })
    await step('schedule', id)
    await app.stop()
    const again = await startTestApp()
    await cypher(
      again.driver,
      'MATCH (k:Campaign {id: $id}) SET k.startsAt = datetime.realtime() - duration({hours: 1})',
      { id },
    )
    const { status } = campaigning(again)
    await expect.poll(() => status(id), { timeout: 30_000 }).toBe('RUNNING')
    await again.stop()
  })
})

describe('With CAMPAIGN_APPROVAL=off', () => {
  const app = createTestApp({ CAMPAIGN_APPROVAL: 'off' })
  const { create, build, step, tryUpdate } = campaigning(app)
  beforeAll(() => openShop(app))

  it('a campaign needs no approval to start, and goes on running when it is edited', async () => {
    const id = await create()
    await build(id)
    expect((await step('launch', id)).status).toBe('RUNNING')
    const [row] = await cypher<{ startsAt: string }>(
      app.driver,
      'MATCH (k:Campaign {id: $id}) RETURN toString(k.startsAt) AS startsAt',
      { id },
    )
    expect((await tryUpdate(id, { ...row, frequencyCap: { max: 1, days: 7 } })).data.done).toMatchObject({
      status: 'RUNNING',
      lastEdit: { changes: [{ field: 'frequencyCap' }], approvalDropped: false },
    })
    expect((await step('approve', id, 'MARKETER')).approvedBy).toBe('marketer')
  })
})
