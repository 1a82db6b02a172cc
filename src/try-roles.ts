import { Router } from 'express'
import { ROLES, type Role, signToken, type TokenSettings } from './auth/viewer.ts'
import { type Config, isLoopback } from './config.ts'

const TTL = '8h'

/**
 * A token by choosing a role, for whoever tries the pages on their own machine: never in production, never from a service that
 * others reach, and only to a page of its own (a page elsewhere, or one behind a name that was bent to this address, says so).
 */
export function tryRoutes({ production, host }: Pick<Config, 'production' | 'host'>, tokens: TokenSettings): Router {
  const offered: readonly Role[] = production || !isLoopback(host) || tokens.secret === undefined ? [] : ROLES
  const routes = Router()
  routes.get('/roles.json', (_req, res) => {
    res.set('cache-control', 'no-store').json({ roles: offered })
  })
  routes.post('/roles/:role', async (req, res, next) => {
    const role = offered.find((one) => one === req.params.role)
    if (!role) return next()
    const local = isLoopback(hostOf(req.headers.host)) && req.headers['sec-fetch-site'] === 'same-origin'
    if (!local) {
      res.status(403).type('text').send('Only for pages of this service, on this machine.\n')
      return
    }
    const token = await signToken({ role, subject: `try-${role.toLowerCase()}`, ttl: TTL }, tokens)
    res.set('cache-control', 'no-store').json({ token })
  })
  return routes
}

/** Without the port and, of an IPv6 address, the brackets: as HOST is written. */
const hostOf = (header = '') => header.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
