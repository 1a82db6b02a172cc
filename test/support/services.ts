import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { loadConfig } from '../../src/config.ts'
import { type EmbeddedServices, startEmbedded } from '../../src/embedded/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** One entry a worker. */
    backends: { neo4j: { uri: string; username: string; password: string }; redis: { url: string } }[]
  }
}

const WORKERS = 2

/** A Neo4j and a Redis of its own for each worker, on free ports, in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'alongside-test-'))
  const jarsHome = loadConfig({ DATA_HOME: process.env.DATA_HOME }).dataHome
  const started: EmbeddedServices[] = []
  const stop = async () => {
    await Promise.all(started.map((services) => services.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for (let worker = 0; worker < WORKERS; worker++) {
      const dataHome = path.join(folder, String(worker))
      const onProgress = (message: string) => process.stderr.write(`${message}\n`)
      started.push(
        await startEmbedded({ dataHome, jarsHome, ports: 'free', heapMb: 768, pageCacheMb: 256, onProgress }),
      )
    }
  } catch (error) {
    await stop()
    throw error
  }
  project.provide(
    'backends',
    started.map(({ neo4j, redis }) => ({ neo4j: neo4j!, redis: redis! })),
  )
  return stop
}
