/**
 * A process of its own that starts the services and outlives its parent by as long as they take to end. It is the parent
 * of the services, so that no moment exists in which a killed process leaves them behind, and it runs in a session of its
 * own, so that Ctrl-C reaches the parent alone, which can drain before it lets go.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { type Holder, release } from './claim.ts'

export interface ServiceCommand {
  id: number
  command: string
  args: string[]
  cwd: string
  log: string
  pidFile: string
  claimFile: string
  holder: Holder
}

export type GuardMessage = { id: number } & ({ pid: number } | { ended: string })

const graceMs = 10_000
const running = new Map<number, ChildProcess>()
let ending = false

function start(service: ServiceCommand): void {
  const log = openSync(service.log, 'a', 0o600)
  const child = spawn(service.command, service.args, { cwd: service.cwd, stdio: ['ignore', log, log] })
  closeSync(log)
  running.set(service.id, child)
  if (child.pid !== undefined) {
    writeFileSync(service.pidFile, String(child.pid), { mode: 0o600 })
    report({ id: service.id, pid: child.pid })
  }
  const ended = (how: string) => {
    if (!running.delete(service.id)) return
    rmSync(service.pidFile, { force: true })
    release(service.claimFile, service.holder)
    report({ id: service.id, ended: how })
    if (ending && running.size === 0) process.exit()
  }
  child.once('error', (error) => ended(error.message))
  child.once('exit', (code, signal) => ended(signal ? `signal ${signal}` : `exit code ${code}`))
}

function end(): void {
  if (ending) return
  ending = true
  if (running.size === 0) process.exit()
  for (const child of running.values()) child.kill('SIGTERM')
  setTimeout(() => {
    for (const child of running.values()) child.kill('SIGKILL')
  }, graceMs)
}

function report(message: GuardMessage): void {
  if (process.connected) process.send?.(message, () => {})
}

process.on('message', (service: ServiceCommand) => {
  if (!ending) start(service)
})
process.on('disconnect', end)
process.on('SIGTERM', end)
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})
process.on('uncaughtException', (error) => {
  console.error(error)
  end()
})
