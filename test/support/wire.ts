import net from 'node:net'
import { Transform } from 'node:stream'

export type Wire = {
  port: number
  cut(): void
  hang(): void
  /** Of all that is answered from now on each piece comes so much later than the one before it, or than it was sent. */
  slow(ms: number): void
  mend(): void
  stop(): Promise<void>
}

/** Hears what one connection carries, both ways. */
export type Tap = { sent(bytes: Buffer): void; answered(bytes: Buffer): void }

/**
 * A wire to a server of this machine that a test can cut (what is connected breaks, what comes is turned away), let hang (all
 * stays open, and nothing gets through any more) or slow down.
 */
export async function startWire(to: number, tap?: () => Tap): Promise<Wire> {
  const sockets = new Set<net.Socket>()
  let broken = false
  let hanging = false
  let delayMs = 0
  const delayed = () =>
    new Transform({ transform: (piece, _encoding, done) => void setTimeout(done, delayMs, null, piece) })
  const keep = (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
  }
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = net.createServer((near) => {
    if (broken) return near.destroy()
    const far = net.connect(to, '127.0.0.1')
    keep(near)
    keep(far)
    const ear = tap?.()
    if (ear) near.on('data', ear.sent)
    if (ear) far.on('data', ear.answered)
    if (!hanging) near.pipe(far).pipe(delayed()).pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    cut: () => {
      broken = true
      drop()
    },
    hang: () => {
      hanging = true
      for (const socket of sockets) socket.unpipe()
    },
    slow: (ms) => {
      delayMs = ms
    },
    mend: () => {
      broken = false
      delayMs = 0
      hanging = false
    },
    stop: () => {
      drop()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
