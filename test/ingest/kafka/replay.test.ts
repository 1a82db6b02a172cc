import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { replay } from '../../../src/ingest/kafka/replay.ts'
import { PROJECT_ROOT } from '../../../src/root.ts'
import { createTestApp, startTestApp } from '../../support/app.ts'
import { cypher } from '../../support/graph.ts'
import { createTestBroker, createTopics, done, eventually, type Topics } from './support.ts'

const broker = createTestBroker()
const app = createTestApp()

const clicked = (id: string, campaignId: string) => ({
  id,
  customerId: `customer of ${id}`,
  campaignId,
  type: 'CLICKED',
  at: '2024-03-01T10:00:00Z',
})
const campaign = (id: string) =>
  cypher(app.driver, `MERGE (c:Campaign {id: $id}) SET c.startsAt = datetime('2024-01-01T00:00:00Z')`, { id })
const recorded = async () => {
  const rows = await cypher<{ id: string }>(app.driver, 'MATCH (i:Interaction) RETURN i.id AS id ORDER BY id')
  return rows.map(({ id }) => id)
}

async function withReader(topics: Topics, wanted: number): Promise<void> {
  const reader = await startTestApp(topics.env)
  try {
    await eventually(async () =>
      expect((await done(reader, 'interactions')) + (await done(reader, 'orders'))).toBe(wanted),
    )
  } finally {
    await reader.stop()
  }
}

const command = async (topics: Topics, ...args: string[]) => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'src/commands/replay.ts', ...args],
    { cwd: PROJECT_ROOT, env: { ...process.env, ...topics.env } },
  )
  return stdout.trim()
}

describe('Replay', () => {
  it('puts dead letters back, each once, by topic and code; what is right by now is recorded', async () => {
    const topics = await createTopics(broker)
    await topics.send('interactions', [clicked('a', 'late'), clicked('b', 'late'), clicked('c', 'never')])
    await topics.send('orders', ['no JSON'])
    await withReader(topics, 4)
    expect(await recorded()).toEqual([])
    await campaign('late')

    expect(await replay(topics.settings, { dryRun: true })).toEqual({
      replayed: { interactions: 3, orders: 1 },
      kept: 0,
      foreign: 0,
    })
    expect(await command(topics, '--topic', 'interactions', '--code', 'NOT_FOUND')).toBe(
      'Put back interactions 3; left 1.',
    )
    await withReader(topics, 3)
    expect(await recorded()).toEqual(['a', 'b'])

    // The one that was left, and the one that was refused again.
    expect(await replay(topics.settings, { dryRun: true })).toEqual({
      replayed: { interactions: 1, orders: 1 },
      kept: 0,
      foreign: 0,
    })
    await campaign('never')
    expect(await command(topics)).toBe('Put back orders 1, interactions 1.')
    await withReader(topics, 2)
    expect(await recorded()).toEqual(['a', 'b', 'c'])

    expect(await replay(topics.settings)).toEqual({ replayed: { orders: 1 }, kept: 0, foreign: 0 })
    expect(await command(topics)).toBe('Put back nothing.')
  })

  it('sends nothing to topics that are not of the service, whatever a header says', async () => {
    const topics = await createTopics(broker)
    const other = await createTopics(broker)
    await topics.send('dead-letters' as 'orders', [{ id: 'x' }])
    expect(await replay(topics.settings)).toEqual({ replayed: {}, kept: 0, foreign: 1 })
    expect(await other.deadLetters()).toEqual([])
  })

  it('refuses topics and codes that do not exist', async () => {
    const topics = await createTopics(broker)
    await expect(command(topics, '--topic', 'order')).rejects.toThrow('--topic is none of orders, views')
    await expect(command(topics, '--code', 'X')).rejects.toThrow('--code is none of UNAUTHENTICATED')
  })
})
