import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import neo4j from 'neo4j-driver'
import type { TlsFiles } from '../tls.ts'
import type { Jars } from './jars.ts'
import { answers } from './ports.ts'
import { initialUser, passwordIn, writePrivately } from './secret.ts'
import type { Guard } from './supervise.ts'

export interface Neo4jOptions {
  dataHome: string
  java: string
  jars: Jars
  wantedPort: number | undefined
  heapMb: number
  pageCacheMb: number
  /** PEM files: it then speaks TLS only. */
  tls?: TlsFiles
}

export interface Neo4jAddress {
  uri: string
  username: string
  password: string
}

const username = 'neo4j'

export const neo4jPasswordFile = (dataHome: string): string => join(dataHome, 'neo4j', 'password')

export async function startNeo4j(guard: Guard, options: Neo4jOptions): Promise<Neo4jAddress> {
  const home = join(options.dataHome, 'neo4j')
  const passwordFile = neo4jPasswordFile(options.dataHome)
  const systemStore = join(home, 'data', 'databases', 'system')
  if (existsSync(systemStore) && !existsSync(passwordFile)) {
    throw new Error(
      `The store in ${home} has lost its password file ${passwordFile}. Put it back, or remove the store.`,
    )
  }
  const password = passwordIn(passwordFile)
  const authFile = join(home, 'data', 'dbms', 'auth.ini')
  if (!existsSync(systemStore)) writePrivately(authFile, initialUser(username, password))
  for (const folder of ['import', 'logs']) mkdirSync(join(home, folder), { recursive: true, mode: 0o700 })

  const port = await guard.launch({
    name: 'Neo4j',
    home,
    wantedPort: options.wantedPort,
    logs: [join(home, 'logs', 'neo4j.log')],
    prepare(port) {
      writePrivately(join(home, 'conf', 'neo4j.conf'), configuration(home, port, options))
      return { command: options.java, args: javaArguments(home, options) }
    },
    // Whoever started it need not check whose certificate it shows.
    ready: (port) => acceptsQueries(uriOf(port, options.tls ? 'bolt+ssc' : 'bolt'), password),
  })
  rmSync(authFile, { force: true })
  return { uri: uriOf(port, options.tls ? 'bolt+s' : 'bolt'), username, password }
}

const uriOf = (port: number, scheme: string): string => `${scheme}://127.0.0.1:${port}`

function configuration(home: string, port: number, { jars, pageCacheMb, tls }: Neo4jOptions): string {
  return `${[
    'server.default_listen_address=127.0.0.1',
    `server.bolt.listen_address=127.0.0.1:${port}`,
    `server.bolt.advertised_address=127.0.0.1:${port}`,
    'server.http.enabled=false',
    'server.https.enabled=false',
    'dbms.usage_report.enabled=false',
    `server.directories.import=${join(home, 'import')}`,
    `server.directories.plugins=${jars.plugins}`,
    'internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0',
    'dbms.security.procedures.allowlist=apoc.date.*,apoc.util.validate*',
    'dbms.security.procedures.unrestricted=',
    `server.memory.pagecache.size=${pageCacheMb}m`,
    'server.config.strict_validation.enabled=true',
    // Logs are dropped at a checkpoint only: by time alone a load leaves gigabytes until the next one.
    'db.checkpoint=VOLUME',
    'db.checkpoint.interval.volume=256m',
    'db.tx_log.rotation.retention_policy=1 files',
    'db.tx_log.rotation.size=64m',
    'db.tx_log.preallocate=false',
    'db.transaction.timeout=0',
    'db.lock.acquisition.timeout=15s',
    // Nobody is left to wait for when the services stop: by default a stop takes 10 s longer, and is killed before its end.
    'internal.dbms.bolt.netty_server_shutdown_quiet_period=0',
    'internal.server.bolt.thread_pool_shutdown_wait_time=1s',
    ...(tls ? encryption(tls) : []),
  ].join('\n')}\n`
}

const encryption = ({ cert, key }: TlsFiles): string[] => [
  'server.bolt.tls_level=REQUIRED',
  'dbms.ssl.policy.bolt.enabled=true',
  `dbms.ssl.policy.bolt.base_directory=${dirname(cert)}`,
  `dbms.ssl.policy.bolt.public_certificate=${cert}`,
  `dbms.ssl.policy.bolt.private_key=${key}`,
  'dbms.ssl.policy.bolt.client_auth=NONE',
]

function javaArguments(home: string, { jars, heapMb }: Neo4jOptions): string[] {
  return [
    `-Xmx${heapMb}m`,
    '-XX:+UseG1GC',
    '-XX:+ExitOnOutOfMemoryError',
    '--add-opens=java.base/java.nio=ALL-UNNAMED',
    '--add-opens=java.base/java.io=ALL-UNNAMED',
    '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
    '-cp',
    join(jars.lib, '*'),
    'org.neo4j.server.CommunityEntryPoint',
    `--home-dir=${home}`,
    `--config-dir=${join(home, 'conf')}`,
  ]
}

async function acceptsQueries(uri: string, password: string): Promise<boolean> {
  if (!(await answers(Number(new URL(uri).port)))) return false
  const driver = neo4j.driver(uri, neo4j.auth.basic(username, password), { connectionTimeout: 5_000 })
  try {
    await driver.executeQuery('RETURN 1', {}, { database: 'neo4j' })
    return true
  } catch (error) {
    if ((error as { code?: string }).code === 'Neo.ClientError.Security.Unauthorized') throw error
    return false
  } finally {
    await driver.close()
  }
}
