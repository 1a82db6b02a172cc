import { mkdtempSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { baselines } from '../../src/evaluation/baselines.ts'
import { type Evaluated, evaluateAll } from '../../src/evaluation/evaluate.ts'
import { table, toJson, writeLists } from '../../src/evaluation/report.ts'
import { shopSplit } from './world.ts'

const silent: Evaluated = { name: 'silent', crossSell: null, nextBasket: null, completeBasket: null }

describe('The evaluation', () => {
  it('asks each for what it has an answer to, in the order of the tasks', async () => {
    const split = await shopSplit('product')
    const rows = await evaluateAll(split, [silent, ...baselines(split.training, split.cut)], ['C-new', 'A'])
    expect(rows.map(({ task, name }) => `${task} ${name}`)).toEqual([
      'C-new popularity',
      'C-new recent popularity',
      'C-new co-purchase count',
      'C-new order cosine',
      'A popularity',
      'A recent popularity',
      'A personal frequency',
    ])
  })

  it('asks only about customers and baskets with something to find, without the item to find', async () => {
    const asked: unknown[] = []
    const answer = (...question: unknown[]) => {
      asked.push(question)
      return []
    }
    const curious = { name: 'curious', crossSell: answer, nextBasket: answer, completeBasket: answer }
    await evaluateAll(await shopSplit('product'), [curious], ['B', 'A', 'C-any', 'C-new'], { first: 3 })
    expect(asked).toEqual([
      ['1', 3],
      ['2', 3],
      ['1', 3],
      [['1', '3'], '1', 3, { includeOwned: true }],
      [['1', '3'], '1', 3, { includeOwned: true }],
      [['2', '10'], '2', 3, { includeOwned: true }],
      [['2', '10'], '1', 3, { includeOwned: true }],
      [['1', '2'], '1', 3, { includeOwned: false }],
      [['1', '2'], '1', 3, { includeOwned: false }],
      [['1', '2'], '1', 3, { includeOwned: false }],
    ])
  })

  it('scores answers that come later, so many at a time, and tells how far it is', async () => {
    let [open, most] = [0, 0]
    const nextBasket = async (customerId: string) => {
      most = Math.max(most, ++open)
      await new Promise((resolve) => setTimeout(resolve, 5))
      open--
      return customerId === '1' ? ['1', '2', '10'] : ['3']
    }
    const told: string[] = []
    const rows = await evaluateAll(await shopSplit('product'), [{ ...silent, name: 'later', nextBasket }], ['A'], {
      inFlight: 2,
      onProgress: ({ name, task, done, total }) => told.push(`${name} ${task} ${done}/${total}`),
    })
    expect(most).toBe(2)
    expect(told).toEqual(['later A 1/2', 'later A 2/2'])
    expect(rows).toMatchObject([
      { name: 'later', level: 'product', task: 'A', scores: { recall: (1 + 1 / 3) / 2, hit: 1 } },
    ])
  })

  it('ends with the error of whoever is evaluated', async () => {
    const crossSell = () => Promise.reject(new Error('no model'))
    await expect(evaluateAll(await shopSplit('product'), [{ ...silent, crossSell }], ['B'])).rejects.toThrow('no model')
  })
})

describe('The report', () => {
  const perfect: Evaluated = {
    name: 'perfect',
    crossSell: () => ['3', '10'],
    nextBasket: null,
    completeBasket: () => ['3'],
  }
  const rowsOf = async () => evaluateAll(await shopSplit('product'), [perfect], ['B', 'C-new'])

  it('is an aligned table of lists and one of baskets', async () => {
    const lines = table(await rowsOf()).replaceAll(/ +\d+\.\d$/gm, '')
    expect(lines.split('\n')).toEqual([
      'task  level    cut         who        NDCG           95 %    hit  recall  precision  coverage  customers  seconds',
      'B     product  2020-03-01  perfect  1.0000  1.0000-1.0000  1.000  1.0000     0.2000     0.500          1',
      '',
      'task   level    cut         who         MRR           95 %    hit           95 %  cases  seconds',
      'C-new  product  2020-03-01  perfect  1.0000  1.0000-1.0000  1.000  1.0000-1.0000      3',
    ])
  })

  it('is JSON with every figure and without the lists', async () => {
    const [row] = JSON.parse(toJson(await rowsOf()))
    expect(row).toMatchObject({ name: 'perfect', task: 'B', cut: '2020-03-01', end: '2020-04-01', scores: { ndcg: 1 } })
    expect(row).not.toHaveProperty('lists')
  })

  it("writes lists as the protocol's script reads them", async () => {
    const folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'alongside-lists-')), 'new')
    const files: string[] = []
    for (const row of await rowsOf()) files.push(await writeLists(folder, row))
    expect(files.map((file) => path.basename(file))).toEqual(['B-product.jsonl', 'C-new-product.jsonl'])
    expect(readFileSync(files[0]!, 'utf8')).toBe('{"customerId":"1","items":["3","10"]}\n')
    expect(readFileSync(files[1]!, 'utf8').split('\n')[0]).toBe('{"caseId":"505","items":["3"]}')
  })
})
