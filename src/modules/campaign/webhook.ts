import { createHmac } from 'node:crypto'
import { type LookupAddress, lookup } from 'node:dns'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { isPrivate, isPrivateAddress } from './webhook-url.ts'

export type WebhookRules = {
  secret: string
  /** Whether it may lead to this machine and to private networks. */
  privateHosts: boolean
  timeoutMs?: number
  /** Where a name leads. */
  resolve?: typeof lookup
}
/** `key`: the same for every attempt at the same thing. */
export type Message = { url: string; key: string; body: string }

const TIMEOUT_MS = 10_000
/** Of an answer: what it says beyond its status is of no interest. */
const MAX_ANSWER = 65_536

/** As the receiver works it out again: hex of HMAC-SHA256 over "timestamp.body". */
export const signatureOf = (secret: string, timestamp: number, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')

/**
 * Posts one message. Where a name leads is looked up once, and what was looked up is connected to: it can't be one address when it is
 * checked and another when it is used. No redirect is followed.
 * @throws Error in words for whoever runs the campaign: not taken, in time.
 */
export async function post({ url, key, body }: Message, rules: WebhookRules): Promise<void> {
  const target = new URL(url)
  if (!rules.privateHosts && isPrivate(target.hostname)) throw new Error('leads to a private address')
  const timestamp = Math.floor(Date.now() / 1_000)
  const request = (target.protocol === 'https:' ? https : http).request(target, {
    method: 'POST',
    lookup: checkedLookup(rules),
    signal: AbortSignal.timeout(rules.timeoutMs ?? TIMEOUT_MS),
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Alongside',
      'idempotency-key': key,
      'alongside-timestamp': timestamp,
      'alongside-signature': `v1=${signatureOf(rules.secret, timestamp, body)}`,
    },
  })
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', (error) => reject(inWords(error)))
    request.end(body)
  })
  await drained(answer)
  const status = answer.statusCode ?? 0
  if (status >= 300 && status < 400) throw new Error(`answered ${status}: a redirect is not followed`)
  if (status < 200 || status >= 300) throw new Error(`answered ${status}`)
}

const inWords = (error: Error & { code?: string }) =>
  new Error(
    error.name === 'TimeoutError' || error.name === 'AbortError'
      ? 'did not answer in time'
      : (error.code ?? error.message),
  )

/** The status is all that counts: an answer that goes on and on is cut off, and so is one that never ends. */
function drained(answer: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let length = 0
    answer.on('data', (part: Buffer) => {
      length += part.length
      if (length > MAX_ANSWER) answer.destroy()
    })
    answer.on('error', () => {})
    answer.on('close', resolve)
  })
}

function checkedLookup({ privateHosts, resolve = lookup }: WebhookRules): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, [])
      if (!privateHosts && addresses.some(({ address }) => isPrivateAddress(address)))
        return callback(new Error('leads to a private address'), [])
      const [first] = addresses
      return options.all ? callback(null, addresses) : callback(null, first!.address, first!.family)
    })
  }
}
