import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { PROJECT_ROOT } from '../../src/root.ts'

/** Whether the check of the Dockerfile, run in this environment, finds the service healthy. */
export function imageIsHealthy(env: Record<string, string>): Promise<boolean> {
  const dockerfile = readFileSync(path.join(PROJECT_ROOT, 'Dockerfile'), 'utf8')
  const check = /HEALTHCHECK[^\n]*\\\n\s*CMD (\[.*\])/.exec(dockerfile)![1]!
  const [, ...args] = JSON.parse(check) as string[]
  return new Promise((resolve) => execFile(process.execPath, args, { env }, (error) => resolve(error === null)))
}
