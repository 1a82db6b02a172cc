import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { key: string; headers: IncomingHttpHeaders; body: string; taken: boolean }
type Answer = (answer: ServerResponse, count: number) => void
const ok: Answer = (answer) => answer.writeHead(204).end()

/** A campaign tool's end of a webhook, on a free port: notes what comes, and answers as it is told to. */
export async function startReceiver() {
  const received: Received[] = []
  let how: Answer = ok
  const server = createServer((request, answer) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const key = String(request.headers['idempotency-key'])
      const one = { key, headers: request.headers, body: Buffer.concat(parts).toString(), taken: false }
      received.push(one)
      answer.on('finish', () => {
        one.taken = answer.statusCode < 300
      })
      how(answer, received.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answers: (next: Answer = ok) => {
      how = next
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(resolve)
      }),
  }
}
export type Receiver = Awaited<ReturnType<typeof startReceiver>>
