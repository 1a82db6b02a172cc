import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Admin } from '@platformatic/kafka'
import type { TlsFiles } from '../tls.ts'
import { answers, choosePort } from './ports.ts'
import { passwordIn, writePrivately } from './secret.ts'
import type { Guard } from './supervise.ts'
import { run, tail } from './tools.ts'

export interface KafkaOptions {
  dataHome: string
  java: string
  /** Its class path, which is not Neo4j's. */
  lib: string
  wantedPort: number | undefined
  /** PEM files: it then speaks TLS only. */
  tls?: TlsFiles
  /** Who may connect, by SASL PLAIN; otherwise whoever is on this machine. */
  user?: { username: string; password: string }
}

export interface KafkaAddress {
  /** host:port */
  broker: string
}

const heapMb = 384

/** One node that is broker and controller. A topic has three partitions unless it is created with another number. */
export async function startKafka(guard: Guard, options: KafkaOptions): Promise<KafkaAddress> {
  const home = join(options.dataHome, 'kafka')
  const file = join(home, 'server.properties')
  const clusterId = passwordIn(join(home, 'cluster-id')).slice(0, 22)
  const controllerPort = await choosePort(undefined)
  const java = (mainClass: string, ...args: string[]) => [
    `-Xmx${heapMb}m`,
    '-XX:+UseG1GC',
    '-XX:+ExitOnOutOfMemoryError',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-cp',
    join(options.lib, '*'),
    mainClass,
    ...args,
  ]
  if (!existsSync(join(home, 'log', 'meta.properties'))) {
    writePrivately(file, configuration(home, 0, controllerPort, options))
    const format = java('kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file)
    const { code, output } = await run(options.java, format)
    if (code !== 0) throw new Error(`Kafka could not format ${home}:\n${tail(output)}`)
  }
  const port = await guard.launch({
    name: 'Kafka',
    home,
    wantedPort: options.wantedPort,
    logs: [],
    prepare(port) {
      writePrivately(file, configuration(home, port, controllerPort, options))
      return { command: options.java, args: java('kafka.Kafka', file) }
    },
    ready: (port) => answersRequests(port, options),
  })
  return { broker: `127.0.0.1:${port}` }
}

function configuration(home: string, port: number, controllerPort: number, { tls, user }: KafkaOptions): string {
  const protocol = `${user ? 'SASL_' : ''}${tls ? 'SSL' : 'PLAINTEXT'}`
  return `${[
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=CLIENTS',
    `listeners=CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=CLIENTS://127.0.0.1:${port}`,
    `listener.security.protocol.map=CLIENTS:${protocol},CONTROLLER:PLAINTEXT`,
    `log.dirs=${join(home, 'log')}`,
    'num.partitions=3',
    'auto.create.topics.enable=false',
    'offsets.topic.num.partitions=1',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    // Nobody else is to be waited for.
    'group.initial.rebalance.delay.ms=0',
    'log.segment.bytes=67108864',
    ...(tls ? encryption(home, tls) : []),
    ...(user ? authentication(user) : []),
  ].join('\n')}\n`
}

function encryption(home: string, { cert, key }: TlsFiles): string[] {
  const keyStore = join(home, 'keystore.pem')
  writePrivately(keyStore, `${readFileSync(key, 'utf8')}${readFileSync(cert, 'utf8')}`)
  return [
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${keyStore}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${cert}`,
    'ssl.endpoint.identification.algorithm=',
  ]
}

function authentication({ username, password }: { username: string; password: string }): string[] {
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule required'
  const users = `username="${username}" password="${password}" user_${username}="${password}"`
  return [
    'sasl.enabled.mechanisms=PLAIN',
    'sasl.mechanism.inter.broker.protocol=PLAIN',
    `listener.name.clients.plain.sasl.jaas.config=${module} ${users};`,
  ]
}

async function answersRequests(port: number, { tls, user }: KafkaOptions): Promise<boolean> {
  if (!(await answers(port))) return false
  const admin = new Admin({
    clientId: 'alongside-start',
    bootstrapBrokers: [`127.0.0.1:${port}`],
    retries: 0,
    // Whoever started it need not check whose certificate it shows.
    ...(tls ? { tls: { rejectUnauthorized: false } } : {}),
    ...(user ? { sasl: { mechanism: 'PLAIN', ...user } } : {}),
  })
  try {
    await admin.listTopics()
    return true
  } catch {
    return false
  } finally {
    await admin.close().catch(() => {})
  }
}
