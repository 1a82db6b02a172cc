import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Driver } from 'neo4j-driver'
import { PROJECT_ROOT } from '../root.ts'
import type { Graph } from './query.ts'

export type Migration = { version: string; statements: string[] }

/** cypher/migrations/V001__name.cypher, in order, split at `;` (schema and data changes may not share a transaction). */
export function readMigrations(folder = path.join(PROJECT_ROOT, 'cypher/migrations')): Migration[] {
  return readdirSync(folder)
    .filter((file) => /^V\d+__.*\.cypher$/.test(file))
    .sort()
    .map((file) => ({
      version: path.basename(file, '.cypher'),
      statements: readFileSync(path.join(folder, file), 'utf8')
        .replace(/^\s*\/\/.*$/gm, '')
        .split(';')
        .map((statement) => statement.trim())
        .filter(Boolean),
    }))
}

/** Applies what is missing, once and in order. Every statement is written to be harmless when a crash makes it run again. */
export async function migrate(driver: Driver, graph: Graph, database?: string): Promise<string[]> {
  const applied = new Set((await graph.query('migrate/applied', {})).map(({ version }) => version))
  const missing = readMigrations().filter(({ version }) => !applied.has(version))
  for (const { version, statements } of missing) {
    for (const statement of statements) {
      const session = driver.session(database ? { database } : {})
      try {
        await session.run(statement)
      } finally {
        await session.close()
      }
    }
    await graph.query('migrate/record', { version })
  }
  return missing.map(({ version }) => version)
}
