/**
 * A client in a process of its own, so that what it costs is not taken for the service's: `node client.ts`, told by messages what to do,
 * answers each with what it saw.
 */
export type Order = { url: string; token: string; query: string; inFlight: number } & (
  | { seconds: number; rounds?: undefined; everyMs?: undefined }
  | { rounds: number; everyMs?: number }
)
/** Milliseconds of each answer, and how many brought errors. */
export type Report = { took: number[]; errors: number }

process.on('message', async (order: Order) => {
  process.send!(await carryOut(order))
})

async function carryOut({ url, token, query, inFlight, ...until }: Order): Promise<Report> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = JSON.stringify({ query })
  const report: Report = { took: [], errors: 0 }
  const started = performance.now()
  const isOver = (sent: number) =>
    until.rounds === undefined ? performance.now() - started >= until.seconds * 1_000 : sent > until.rounds
  let sent = 0
  const worker = async () => {
    while (!isOver(++sent)) {
      const sentAt = performance.now()
      const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body })
      if (((await answer.json()) as { errors?: unknown }).errors) report.errors++
      report.took.push(performance.now() - sentAt)
      if (until.rounds !== undefined && until.everyMs)
        await new Promise((resolve) => setTimeout(resolve, until.everyMs! - (performance.now() - sentAt)))
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return report
}
