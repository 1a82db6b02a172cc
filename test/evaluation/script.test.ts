import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { recentPopularity } from '../../src/evaluation/baselines.ts'
import { type Evaluated, evaluateAll, type Row, TASKS } from '../../src/evaluation/evaluate.ts'
import { figuresOf } from '../../src/evaluation/figures.ts'
import { readMerchandise } from '../../src/evaluation/lines.ts'
import { type BasketScores, type ListScores, scoreBaskets, scoreLists } from '../../src/evaluation/metrics.ts'
import { writeLists } from '../../src/evaluation/report.ts'
import { casesOf, type Level, type Split, splitAt, truthOf } from '../../src/evaluation/split.ts'
import { PROJECT_ROOT } from '../../src/root.ts'

/** The protocol's own script is beside the project, not in it. */
const SHARED = path.join(PROJECT_ROOT, '..', 'shared')
const SCRIPT = path.join(SHARED, 'quality', 'evaluate.py')
const DATA = path.join(SHARED, 'data', 'complete-journey')
const LEVELS: Level[] = ['product', 'type']

const missing = ((): string | null => {
  if (!existsSync(SCRIPT) || !existsSync(DATA)) return '../shared is not beside the project'
  const python = spawnSync('python3', ['-c', 'import numpy, pandas'], { encoding: 'utf8' })
  if (python.error) return 'python3 is not installed'
  return python.status === 0 ? null : 'python3 lacks numpy or pandas'
})()

/** Runs the script once for each list of arguments, reading the data once: reading is most of its time. */
function script(...runs: string[][]): Record<string, unknown>[][] {
  const program = `
import contextlib, io, json, sys
sys.path.insert(0, sys.argv[1])
import evaluate
lines = evaluate.load(sys.argv[2])
evaluate.load = lambda *_: lines
out = []
for run in json.loads(sys.stdin.read()):
    sys.argv = ['evaluate.py', *run]
    with contextlib.redirect_stdout(io.StringIO()) as said: evaluate.main()
    out.append([json.loads(line) for line in said.getvalue().splitlines() if line])
print(json.dumps(out))`
  const answer = execFileSync('python3', ['-B', '-c', program, path.dirname(SCRIPT), DATA], {
    input: JSON.stringify(runs),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return JSON.parse(answer)
}

/** Our figures under the script's names; its intervals come from another generator of random numbers. */
const listFigures = (scores: ListScores) => ({
  households: scores.customers,
  missing_lists: scores.missingLists,
  'recall@10': scores.recall,
  'ndcg@10': scores.ndcg,
  'hit@10': scores.hit,
  'precision@10': scores.precision,
  'recall@10_ceiling': scores.recallCeiling,
  coverage: scores.coverage,
  distinct_items: scores.distinctItems,
  share_of_top10_items: scores.shareOfTop10Items,
  already_bought: scores.alreadyBought,
  outside_catalogue: scores.outsideCatalogue,
  duplicates: scores.duplicates,
})
const basketFigures = (scores: BasketScores) => ({
  cases: scores.cases,
  households: scores.customers,
  missing_lists: scores.missingLists,
  'mrr@10': scores.mrr,
  'hit@10': scores.hit,
})
const INTERVALS = {
  'recall@10_ci': 'recallInterval',
  'ndcg@10_ci': 'ndcgInterval',
  'mrr@10_ci': 'mrrInterval',
  'hit@10_ci': 'hitInterval',
}

const splitFigures = (split: Split) => {
  const { A, B, ...figures } = figuresOf(split)
  return {
    level: split.level,
    train_lines: figures.trainLines,
    test_lines: figures.testLines,
    train_orders: figures.trainOrders,
    test_orders: figures.testOrders,
    catalogue: figures.catalogue,
    households: figures.customers,
    test_lines_outside_catalogue: figures.testLinesOutsideCatalogue,
    A_households: A.customers,
    A_items_mean: A.itemsMean,
    A_items_median: A.itemsMedian,
    A_new_share: A.newShare,
    B_households: B.customers,
    B_items_mean: B.itemsMean,
    B_items_median: B.itemsMedian,
    cases_any: figures.casesAny,
    cases_new: figures.casesNew,
  }
}

function expectEqual(ours: Record<string, unknown>, theirs: Record<string, unknown>): void {
  const without = Object.entries(theirs).filter(([name]) => !name.endsWith('_ci'))
  expect(Object.keys(ours).sort()).toEqual(without.map(([name]) => name).sort())
  for (const [name, value] of without) {
    if (typeof value === 'number') expect(ours[name], name).toBeCloseTo(value, 12)
    else expect(ours[name], name).toEqual(value)
  }
}

/** Lists with every fault the script counts: one missing, one with an item twice, one with an unknown item, one empty. */
function spoilt(split: Split, row: Row): Row {
  const [gone, twice, unknown, empty] = [...row.lists.keys()]
  const lists = new Map(row.lists)
  lists.delete(gone!)
  lists.set(
    twice!,
    lists.get(twice!)!.flatMap((item) => [item, item]),
  )
  lists.set(unknown!, [split.level === 'product' ? '99999999' : 'NO | TYPE', ...lists.get(unknown!)!])
  lists.set(empty!, [])
  const scores =
    row.task === 'A' || row.task === 'B'
      ? scoreLists(split, truthOf(split, row.task), lists, row.task)
      : scoreBaskets(casesOf(split, row.task === 'C-any' ? 'any' : 'new'), lists)
  return { ...row, lists, scores } as Row
}

describe(missing ? `The protocol's script (skipped: ${missing})` : "The protocol's script", () => {
  const window = { cut: '2017-11-01', end: '2017-12-01' }
  const dates = ['--cut', window.cut, '--end', window.end, '--json']

  it.skipIf(missing)(
    'finds the same splits, cases and scores as we do, on the whole year',
    async () => {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'alongside-script-'))
      const lines = await readMerchandise(DATA)
      const splits = LEVELS.map((level) =>
        splitAt(lines, { level, cut: new Date(window.cut), end: new Date(window.end) }),
      )
      const runs: string[][] = [['split', ...dates]]
      const rows: Row[] = []
      for (const split of splits) {
        const recent = recentPopularity(split.training, split.cut)
        // Cross-sell with owned items too, which the script must count.
        const careless: Evaluated = { ...recent, crossSell: recent.nextBasket }
        for (const row of await evaluateAll(split, [careless], TASKS)) {
          const task = row.task.slice(0, 1)
          const question = task === 'C' ? ['basket', '--variant', row.task.slice(2)] : ['recs', '--task', task]
          rows.push(spoilt(split, row))
          runs.push([...question, '--level', split.level, await writeLists(folder, rows.at(-1)!), ...dates])
        }
      }
      const asked = splits.flatMap((split) => (['any', 'new'] as const).map((variant) => ({ split, variant })))
      const caseFile = (split: Split, variant: string) => path.join(folder, `cases-${variant}-${split.level}.jsonl`)
      for (const { split, variant } of asked)
        runs.push(['cases', '--variant', variant, '--level', split.level, '--out', caseFile(split, variant), ...dates])

      const [splitAnswers, ...answers] = script(...runs)
      for (const [at, split] of splits.entries()) expectEqual(splitFigures(split), splitAnswers![at]!)

      for (const [at, { scores }] of rows.entries()) {
        const theirs = answers[at]![0]!
        expectEqual('ndcg' in scores ? listFigures(scores) : basketFigures(scores), theirs)
        for (const [name, ours] of Object.entries(INTERVALS)) {
          const interval = (scores as unknown as Record<string, number[]>)[ours]
          if (!(name in theirs)) continue
          for (const end of [0, 1]) expect(interval![end], name).toBeCloseTo((theirs[name] as number[])[end]!, 2)
        }
      }
      expect(
        rows.filter(({ task }) => task === 'B').map(({ scores }) => (scores as ListScores).alreadyBought > 100),
      ).toEqual([true, true])

      for (const { split, variant } of asked) {
        const theirs = readFileSync(caseFile(split, variant), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
        const ours = casesOf(split, variant).map(({ id, customerId, basket }) => ({ id, customerId, basket }))
        expect(ours).toEqual(
          theirs.map(({ caseId, customerId, basket }) => ({
            id: caseId,
            customerId: String(customerId),
            basket: basket.map(String),
          })),
        )
      }
      // Both read the whole year: half a minute on an idle machine.
    },
    600_000,
  )
})
