import neo4j, { type Driver } from 'neo4j-driver'

export type Neo4jSettings = { uri: string; username: string; password: string; database?: string | undefined }

/** How long a request may wait for a free connection before it is refused, and how many there are. */
const POOL = { maxConnectionPoolSize: 50, connectionAcquisitionTimeout: 5_000, connectionTimeout: 5_000 }

export function createDriver({ uri, username, password }: Neo4jSettings): Driver {
  return neo4j.driver(uri, neo4j.auth.basic(username, password), {
    ...POOL,
    maxTransactionRetryTime: 8_000,
    telemetryDisabled: true,
    userAgent: 'alongside',
    notificationFilter: { disabledCategories: ['UNRECOGNIZED'] },
  })
}
