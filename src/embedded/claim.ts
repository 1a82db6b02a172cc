import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Who holds a folder: the process `pid`, as long as its command line contains `marker` (a pid alone may be recycled). */
export interface Holder {
  pid: number
  marker: string
  /** The process on whose behalf it is held, for messages and patience. */
  owner: number
  /** Tells two claims of one process apart. */
  nonce: string
}

/** Waits until `file` names nobody alive, then writes `holder` into it. Fails when a living owner keeps it. */
export async function claim(
  file: string,
  holder: Holder,
  patience: { livingOwnerMs: number; dyingOwnerMs: number },
  onWait: (other: Holder, seconds: number) => void,
): Promise<void> {
  const started = Date.now()
  for (;;) {
    if (tryWrite(file, holder)) {
      // Two claimants may both judge an old holder dead; the later unlink wins, and the earlier one notices here.
      await sleep(30)
      if (readHolder(file)?.nonce === holder.nonce) return
      continue
    }
    const other = readHolder(file)
    if (!other || !isRunning(other.pid, other.marker)) {
      rmSync(file, { force: true })
      continue
    }
    const waited = Date.now() - started
    const limit = isRunning(other.owner) ? patience.livingOwnerMs : patience.dyingOwnerMs
    if (waited > limit) throw new Error(`${file}: in use by process ${other.owner}. Stop it, or use another data home.`)
    onWait(other, Math.round(waited / 1000))
    await sleep(200)
  }
}

export function release(file: string, holder: Holder): void {
  if (readHolder(file)?.nonce === holder.nonce) rmSync(file, { force: true })
}

/** Ends a process that nobody guards any more; SIGKILL after `graceMs`. */
export async function endOrphan(pid: number, marker: string, graceMs: number): Promise<void> {
  const started = Date.now()
  let signal: NodeJS.Signals = 'SIGTERM'
  while (isRunning(pid, marker)) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    await sleep(200)
    if (Date.now() - started > graceMs) signal = 'SIGKILL'
  }
}

/** True when the process is alive (a zombie is not) and its command line contains `marker`. */
export function isRunning(pid: number, marker = ''): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const line = commandLine(pid)
  return line === undefined ? true : line !== '' && line.includes(marker)
}

function commandLine(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux' ? undefined : ''
  }
}

function tryWrite(file: string, holder: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}
