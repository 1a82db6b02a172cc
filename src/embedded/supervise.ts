import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { claim, endOrphan, type Holder } from './claim.ts'
import type { GuardMessage, ServiceCommand } from './guard.ts'
import { choosePort } from './ports.ts'
import { tailOfFile } from './tools.ts'

export interface Service {
  name: string
  /** Holds everything of the service; its path is on the service's command line. */
  home: string
  wantedPort: number | undefined
  /** Writes the configuration for this port and says what to run. */
  prepare(port: number): { command: string; args: string[] }
  ready(port: number): Promise<boolean>
  /** Files whose last lines explain a failed start, beside what the service prints. */
  logs: string[]
}

export interface Guard {
  /** Starts the service on a port of its own choice and waits until it answers. */
  launch(service: Service): Promise<number>
  /** Lets this process end although the guard runs. */
  unref(): void
  /** Ends the services, then the guard. */
  stop(): Promise<void>
}

interface Started {
  pid?: number
  ended?: string
}

const patience = { livingOwnerMs: 5_000, dyingOwnerMs: 25_000 }
const orphanGraceMs = 10_000
const readyWithinMs = 10 * 60_000
const portAttempts = 3
const portTaken = /address already in use|BindException|EADDRINUSE/i

export function startGuard(dataHome: string, onProgress: (message: string) => void): Guard {
  const marker = `guard-${randomBytes(8).toString('hex')}`
  const guard = spawnGuard(dataHome, marker)
  const started = new Map<number, Started>()
  let guardEnded: string | undefined
  guard.on('message', (message: GuardMessage) => {
    const service = started.get(message.id)
    if (service) Object.assign(service, message)
  })
  guard.once('error', (error) => {
    guardEnded = error.message
  })
  guard.once('exit', (code, signal) => {
    guardEnded = `guard ended (${signal ?? code})`
    for (const service of started.values()) service.ended ??= guardEnded
  })

  async function attempt(service: Service): Promise<{ port: number; failure?: string }> {
    if (guard.pid === undefined) throw new Error(`${service.name} did not start: ${guardEnded ?? 'no guard process'}`)
    const holder: Holder = { pid: guard.pid, marker, owner: process.pid, nonce: randomBytes(8).toString('hex') }
    const claimFile = join(service.home, 'claim.json')
    const pidFile = join(service.home, 'pid')
    await claim(claimFile, holder, patience, (other, seconds) =>
      onProgress(`Waiting for ${service.name} of process ${other.owner} to end (${seconds} s)…`),
    )
    if (existsSync(pidFile)) await endOrphan(Number(readFileSync(pidFile, 'utf8')), service.home, orphanGraceMs)

    const port = await choosePort(service.wantedPort)
    const log = join(service.home, 'console.log')
    const offsets = [log, ...service.logs].map((file) => ({ file, size: existsSync(file) ? statSync(file).size : 0 }))
    const state: Started = {}
    const id = started.size
    started.set(id, state)
    const command: ServiceCommand = { id, ...service.prepare(port), cwd: service.home, log, pidFile, claimFile, holder }
    guard.send(command)

    const begun = Date.now()
    let reported = 0
    while (state.ended === undefined && Date.now() - begun < readyWithinMs) {
      if (state.pid !== undefined && (await service.ready(port))) return { port }
      const seconds = Math.floor((Date.now() - begun) / 1000)
      if (seconds > reported) onProgress(`Starting ${service.name} (${seconds} s)…`)
      reported = seconds
      await sleep(100)
    }
    const tails = offsets.map(({ file, size }) => tailOfFile(file, size)).filter(Boolean)
    return { port, failure: [state.ended ?? `no answer in ${readyWithinMs / 1000} s`, ...tails].join('\n') }
  }

  return {
    async launch(service) {
      mkdirSync(service.home, { recursive: true, mode: 0o700 })
      let failure: string | undefined
      for (let round = 0; round < portAttempts; round++) {
        const result = await attempt(service)
        failure = result.failure
        if (failure === undefined) return result.port
        if (!portTaken.test(failure)) break
      }
      throw new Error(`${service.name} did not start: ${failure}`)
    },
    unref() {
      guard.unref()
      guard.channel?.unref()
    },
    async stop() {
      const running = guard.pid !== undefined && guard.exitCode === null && guard.signalCode === null
      if (running) {
        guard.ref()
        const exited = once(guard, 'exit')
        if (guard.connected) guard.disconnect()
        await exited
      }
    },
  }
}

function spawnGuard(dataHome: string, marker: string): ChildProcess {
  mkdirSync(dataHome, { recursive: true })
  const script = fileURLToPath(import.meta.url).replace(/supervise(\.[jt]s)$/, 'guard$1')
  const loader = script.endsWith('.ts')
    ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
    : []
  const { NODE_OPTIONS: _ofParent, ...env } = process.env
  const log = openSync(join(dataHome, 'guard.log'), 'a', 0o600)
  const guard = spawn(process.execPath, [...loader, script, marker], {
    cwd: dataHome,
    detached: true,
    env,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  return guard
}
