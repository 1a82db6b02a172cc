import { parseArgs } from 'node:util'
import { ROLES, type Role, signToken } from '../auth/viewer.ts'
import { loadConfig } from '../config.ts'
import { tokenSettings } from '../secrets.ts'
import { runCommand } from './connect.ts'

const HELP = `Prints a token, signed with JWT_SECRET or the secret kept in DATA_HOME; with JWKS_URL your identity provider gives them.

  npm run token -- --role ROLE [--subject ID] [--customer ID] [--ttl 1h]

  --role      ${ROLES.join(', ')}
  --subject   whose token it is (default: the role's name in lower case)
  --customer  the one customer the token speaks for
  --ttl       how long it is valid: 30m, 1h, 7d (default 1h)
`

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      role: { type: 'string' },
      subject: { type: 'string' },
      customer: { type: 'string' },
      ttl: { type: 'string', default: '1h' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const role = ROLES.find((known) => known === values.role) as Role | undefined
  if (!role) throw new Error(`--role must be one of ${ROLES.join(', ')}`)
  if (!/^\d+ ?[smhdwy]$/.test(values.ttl)) throw new Error('--ttl must read like 30m, 1h or 7d')
  const subject = values.subject ?? role.toLowerCase()
  const token = await signToken(
    { role, subject, customer: values.customer, ttl: values.ttl },
    tokenSettings(loadConfig()),
  )
  process.stdout.write(`${token}\n`)
})
