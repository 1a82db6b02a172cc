import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { neo4jPasswordFile, redisPasswordFile, startEmbedded } from '../embedded/index.ts'
import { writeRunFile } from '../run-file.ts'
import { runCommand } from './connect.ts'

const HELP = `Only Neo4j and Redis, in the foreground, for a service or a command in another terminal.

  npm run services [-- --kafka]

  --kafka  a Kafka beside them, fetched when it is first asked for
`

const say = (message: string) => process.stderr.write(`${message}\n`)

runCommand(async () => {
  const { values } = parseArgs({
    options: { kafka: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const ended = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
  const { dataHome } = loadConfig()
  const starting = startEmbedded({ dataHome, kafka: values.kafka, onProgress: say })
  const services = await Promise.race([starting, ended])
  if (typeof services === 'string') {
    await starting.then((started) => started.stop()).catch(() => {})
    return
  }
  const { neo4j, redis, kafka } = services
  const removeRunFile = writeRunFile(dataHome, { neo4j: neo4j!, redis: redis!, pid: process.pid })
  say(`
${kafka ? 'Neo4j, Redis and Kafka' : 'Neo4j and Redis'} run, for this machine only. The commands here find them by themselves; anything else may use
  export NEO4J_URI=${neo4j!.uri}
  export NEO4J_USERNAME=${neo4j!.username}
  export NEO4J_PASSWORD="$(cat '${neo4jPasswordFile(dataHome)}')"
  export REDIS_URL="redis://:$(cat '${redisPasswordFile(dataHome)}')@${new URL(redis!.url).host}"${kafka ? `\n  export KAFKA_BROKERS=${kafka.broker}` : ''}

Ctrl-C ends them.`)
  // Signal handlers alone do not keep a process alive.
  const alive = setInterval(() => {}, 60_000)
  say(`${await ended}: stopping them.`)
  clearInterval(alive)
  removeRunFile()
  await services.stop()
})
