import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readRunFile } from '../run-file.ts'

const STORES = ['neo4j', 'redis']

/**
 * The folder of a demo, which its stores may be deleted of: it is empty when it becomes one, or was one before.
 * @throws when it is somebody else's, or a demo runs there.
 */
export function openDemoHome(home: string, fresh: boolean): { prepared(): void } {
  const note = path.join(home, 'demo.json')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  if (!existsSync(note) && readdirSync(home).length > 0)
    throw new Error(`${home} is not the folder of a demo. Name another by --data-home.`)
  const running = readRunFile(home)
  if (running) throw new Error(`A demo runs in ${home} already (process ${running.pid}).`)
  // One whose sample was not loaded to its end would never be whole.
  if (fresh || !existsSync(note) || !JSON.parse(readFileSync(note, 'utf8')).prepared) {
    for (const store of STORES) rmSync(path.join(home, store), { recursive: true, force: true })
    writeFileSync(note, JSON.stringify({ prepared: false }))
  }
  return { prepared: () => writeFileSync(note, JSON.stringify({ prepared: true })) }
}
