import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const supportedJava = new Set([17, 21])

export type JavaSearch = { command: string; found: string } | { command?: undefined; found: string }

/** The first Java 17 or 21 of JAVA_HOME and PATH; `found` says in words what was seen. */
export async function findJava(): Promise<JavaSearch> {
  const candidates = [process.env.JAVA_HOME && join(process.env.JAVA_HOME, 'bin', 'java'), onPath('java')]
  const seen: string[] = []
  for (const command of candidates) {
    if (!command) continue
    const major = await javaMajor(command)
    if (major !== undefined && supportedJava.has(major)) return { command, found: `Java ${major}` }
    seen.push(major === undefined ? `${command} does not run` : `${command} is Java ${major}`)
  }
  return { found: seen.length > 0 ? `no Java 17 or 21 (${seen.join(', ')})` : 'no Java' }
}

export const findMaven = (): string | undefined => onPath('mvn')

/** One message for every way a needed tool can be missing. */
export function missingTools(missing: string[]): Error {
  return new Error(
    [
      `Neo4j and Redis cannot be started here: found ${missing.join(' and ')}. Any one of these helps:`,
      '  1. Install Java 17 or 21 and Maven (Debian: apt install openjdk-17-jre-headless maven; macOS: brew install openjdk@21 maven).',
      '  2. Start them with Docker: docker compose up',
      '  3. Use servers you already have: set NEO4J_URI (and REDIS_URL).',
    ].join('\n'),
  )
}

/** Runs a command to its end, calling `onTick` every second. */
export function run(command: string, args: string[], onTick: (seconds: number) => void = () => {}) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const started = Date.now()
    const ticker = setInterval(() => onTick(Math.round((Date.now() - started) / 1000)), 1000)
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-64_000)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', (error) => {
      clearInterval(ticker)
      reject(error)
    })
    child.once('close', (code) => {
      clearInterval(ticker)
      resolve({ code, output })
    })
  })
}

/** The last lines of a text, those written from `offset` on. */
export const tail = (text: string, lines = 20): string => text.trimEnd().split('\n').slice(-lines).join('\n')

export function tailOfFile(file: string, offset = 0): string {
  if (!existsSync(file)) return ''
  return tail(readFileSync(file).subarray(offset).toString())
}

function onPath(name: string): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name]
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => names.map((file) => join(folder, file)))
    .find((file) => existsSync(file))
}

async function javaMajor(command: string): Promise<number | undefined> {
  const answer = await run(command, ['-version']).catch(() => undefined)
  const version = answer && /version "(\d+)/.exec(answer.output)
  return version ? Number(version[1]) : undefined
}
