import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../../src/root.ts'

const SAMPLE = path.join(PROJECT_ROOT, 'seeds', 'complete-journey-sample')
const folder = mkdtempSync(path.join(os.tmpdir(), 'alongside-responses-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The sample's households with an even id. */
function halve(): void {
  const files = {
    products: null,
    demographics: 'household_id',
    order_lines: 'customer_id',
    campaign_descriptions: null,
    coupons: null,
    campaigns: 'household_id',
    coupon_redemptions: 'household_id',
  }
  for (const [name, column] of Object.entries(files)) {
    const [head, ...rows] = gunzipSync(readFileSync(path.join(SAMPLE, `${name}.csv.gz`)))
      .toString()
      .trim()
      .split('\n')
    const at = column === null ? -1 : head!.split(',').indexOf(column)
    const kept = rows.filter((row) => at === -1 || Number(row.split(',')[at]) % 2 === 0)
    writeFileSync(path.join(folder, `${name}.csv`), `${[head, ...kept].join('\n')}\n`)
  }
}

it('evaluates who responds to campaigns, beside the formulas of the same run, by the real command', {
  timeout: 600_000,
}, async () => {
  halve()
  const out = path.join(folder, 'out')
  const command = ['src/commands/evaluate.ts', '--data', folder, '--kinds', 'SIMILAR_CUSTOMER', '--out', out]
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', ...command], {
    cwd: PROJECT_ROOT,
    maxBuffer: 1 << 26,
  })
  const { rows, model } = JSON.parse(readFileSync(path.join(out, 'evaluation.json'), 'utf8')).response
  expect(rows.map(({ name }: { name: string }) => name)).toEqual([
    'Alongside',
    'the formula',
    'coupons used in 90 days',
    'past redemptions',
  ])
  for (const { auc, aucInterval, campaigns, responders } of rows) {
    expect(auc).toBeGreaterThan(0.5)
    expect(aucInterval[0]).toBeLessThan(auc)
    expect(aucInterval[1]).toBeGreaterThan(auc)
    expect(responders).toBeGreaterThanOrEqual(5 * campaigns)
  }
  expect(model.campaigns).toBeGreaterThan(0)
  expect(stdout).toMatch(/^campaign response +AUC/m)
  expect(stdout).toContain('Learned: {"halfLifeDays":180')
})
