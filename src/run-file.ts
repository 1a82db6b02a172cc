import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Backends } from './app.ts'

/** Where a running service can be reached, for the commands beside it. */
export type RunFile = Backends & { pid: number; url?: string }
const runFilePath = (dataHome: string) => path.join(dataHome, 'run.json')

export function writeRunFile(dataHome: string, run: RunFile): () => void {
  const file = runFilePath(dataHome)
  const text = JSON.stringify(run, null, 2)
  mkdirSync(dataHome, { recursive: true })
  writeFileSync(file, text, { mode: 0o600 })
  chmodSync(file, 0o600)
  // Another process may have written it since: then it is that one's.
  return () => {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) rmSync(file)
  }
}

/** Null when nothing runs there. */
export function readRunFile(dataHome: string): RunFile | null {
  const file = runFilePath(dataHome)
  if (!existsSync(file)) return null
  const run = JSON.parse(readFileSync(file, 'utf8')) as RunFile
  try {
    process.kill(run.pid, 0)
    return run
  } catch {
    return null
  }
}
