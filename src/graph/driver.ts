import neo4j, { type Config, type Driver } from 'neo4j-driver'

export type Neo4jSettings = {
  uri: string
  username: string
  password: string
  database?: string | undefined
  /** A PEM file: the authority that the certificate of a +s URI must come from, instead of the usual ones. */
  ca?: string | undefined
}

/** What nothing outlasts; see "Limits" in the README. All in milliseconds but the pool's size. */
export const LIMITS = {
  /** Connections to one Neo4j: as many transactions are under way at most. */
  pool: 50,
  /** Waiting for a connection when all are busy. */
  acquireMs: 2_000,
  /** Establishing a new one. */
  connectMs: 2_000,
  /** Until a transaction has begun, retries included: Neo4j is away for whoever waited this long. */
  reachMs: 5_000,
  /** A transaction that says nothing else. */
  transactionMs: 30_000,
  /** Neo4j ends a transaction that is over its time by itself; this much later it is given up here. */
  graceMs: 3_000,
  probeMs: 2_000,
  /** While something is under way, Neo4j is asked this often whether it is still there… */
  aliveMs: 5_000,
  /** …and given up after so many times without a sign of life. */
  aliveTries: 3,
} as const

export function createDriver(settings: Neo4jSettings, pool: number = LIMITS.pool): Driver {
  const { uri, trust } = trustOf(settings)
  return neo4j.driver(uri, neo4j.auth.basic(settings.username, settings.password), {
    ...trust,
    maxConnectionPoolSize: pool,
    connectionAcquisitionTimeout: LIMITS.acquireMs,
    connectionTimeout: LIMITS.connectMs,
    maxTransactionRetryTime: LIMITS.reachMs,
    telemetryDisabled: true,
    userAgent: 'alongside',
    notificationFilter: { disabledCategories: ['UNRECOGNIZED'] },
  })
}

/** The driver takes an authority beside a plain scheme only. */
function trustOf({ uri, ca }: Neo4jSettings): { uri: string; trust: Config } {
  if (!ca || !/^\w+\+s:/.test(uri)) return { uri, trust: {} }
  return {
    uri: uri.replace('+s:', ':'),
    trust: { encrypted: 'ENCRYPTION_ON', trust: 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES', trustedCertificates: [ca] },
  }
}

export type Probe = { check(): Promise<void>; close(): Promise<void> }

/** Asks Neo4j for a sign of life on a connection of its own, so that a pool in full use is not taken for an absent Neo4j. */
export function createProbe(settings: Neo4jSettings): Probe {
  let driver: Driver | null = null
  let running: Promise<void> | null = null

  async function ask(): Promise<void> {
    driver ??= createDriver(settings, 1)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`No sign of life in ${LIMITS.probeMs} ms`)), LIMITS.probeMs)
    })
    try {
      await Promise.race([answers(driver), late])
    } catch (error) {
      // A connection that hangs would keep hanging after Neo4j is back.
      void driver.close().catch(() => {})
      driver = null
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  // verifyConnectivity is content with a connection that was good a moment ago; only a statement makes Neo4j answer.
  async function answers(driver: Driver): Promise<void> {
    const session = driver.session(settings.database ? { database: settings.database } : {})
    try {
      await session.run('RETURN 1')
    } finally {
      void session.close().catch(() => {})
    }
  }

  return {
    check: () => {
      running ??= ask().finally(() => {
        running = null
      })
      return running
    },
    close: async () => {
      await driver?.close()
    },
  }
}
