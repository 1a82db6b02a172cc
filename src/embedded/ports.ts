import { connect, createServer } from 'node:net'

/** `wanted` when nobody has it, else one the system chooses. Loopback only. */
export async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined && !(await answers(wanted))) {
    const port = await listen(wanted).catch(() => undefined)
    if (port !== undefined) return port
  }
  return listen(0)
}

// Listening alone is not proof: some systems let a loopback listener stand beside one on all addresses.
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const finish = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
    socket.setTimeout(1000, () => finish(false))
  })
}

function listen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}
