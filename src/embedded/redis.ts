import { connect } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import type { TlsFiles } from '../tls.ts'
import type { Jars } from './jars.ts'
import { passwordIn, writePrivately } from './secret.ts'
import type { Guard } from './supervise.ts'

export const redisPasswordFile = (dataHome: string): string => join(dataHome, 'redis', 'password')

export async function startRedis(
  guard: Guard,
  options: {
    dataHome: string
    jars: Jars
    wantedPort: number | undefined
    /** PEM files: it then speaks TLS only. */
    tls?: TlsFiles
  },
): Promise<{ url: string }> {
  const home = join(options.dataHome, 'redis')
  const password = passwordIn(redisPasswordFile(options.dataHome))
  const file = join(home, 'redis.conf')
  const port = await guard.launch({
    name: 'Redis',
    home,
    wantedPort: options.wantedPort,
    logs: [],
    prepare(port) {
      writePrivately(file, configuration(home, port, password, options.tls))
      return { command: options.jars.redisServer, args: [file] }
    },
    ready: (port) => answersPing(port, password, options.tls !== undefined),
  })
  return { url: `${options.tls ? 'rediss' : 'redis'}://:${password}@127.0.0.1:${port}` }
}

function configuration(home: string, port: number, password: string, tls?: TlsFiles): string {
  return `${[
    'bind 127.0.0.1',
    'protected-mode yes',
    ...(tls
      ? ['port 0', `tls-port ${port}`, `tls-cert-file ${tls.cert}`, `tls-key-file ${tls.key}`, 'tls-auth-clients no']
      : [`port ${port}`]),
    `dir ${JSON.stringify(home)}`,
    `requirepass ${password}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    // The command line is how a later start recognises this process.
    'set-proc-title no',
  ].join('\n')}\n`
}

function answersPing(port: number, password: string, tls: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const address = { host: '127.0.0.1', port }
    // Whoever started it need not check whose certificate it shows.
    const socket = tls ? connectTls({ ...address, rejectUnauthorized: false }) : connect(address)
    let answer = ''
    const finish = (ready: boolean) => {
      socket.destroy()
      resolve(ready)
    }
    socket.setTimeout(1000, () => finish(false))
    socket.once('error', () => finish(false))
    socket.once('close', () => finish(false))
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`))
    socket.on('data', (chunk) => {
      answer += chunk.toString()
      if (answer.includes('+PONG')) finish(true)
      else if (/^-/m.test(answer)) finish(false)
    })
  })
}
