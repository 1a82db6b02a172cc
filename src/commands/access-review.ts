import { parseArgs } from 'node:util'
import { dayOf } from '../access/field-uses.ts'
import { review, toText } from '../access/review.ts'
import { createBareSchema } from '../schema.ts'
import { connectForCommand, runCommand } from './connect.ts'

const HELP = `Who can do what, per role and root field, and what of it was used. Changes nothing.

  npm run access:review [-- --days 90] [--json]

  --days  how many days to look at, today included, 1 to 400
  --json  the same as JSON, with all types

Uses are counted by the service, every 10 s, by role, root field and day (UTC), without who it was.
`

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      days: { type: 'string', default: '90' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const days = Number(values.days)
  if (!/^\d+$/.test(values.days) || days < 1 || days > 400)
    throw new Error(`--days is not a whole number from 1 to 400: ${values.days}`)

  const now = new Date()
  const period = { since: dayOf(now, days - 1), until: dayOf(now) }
  const { graph, close } = await connectForCommand()
  try {
    const uses = await graph.query('access/used', { since: period.since })
    const found = review(await createBareSchema(), uses, period)
    process.stdout.write(`${values.json ? JSON.stringify(found, null, 2) : toText(found)}\n`)
  } finally {
    await close()
  }
})
