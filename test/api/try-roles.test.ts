import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { ROLES } from '../../src/auth/viewer.ts'
import { tryRoutes } from '../../src/try-roles.ts'
import { createTestApp, TEST_SECRET } from '../support/app.ts'

const app = createTestApp()
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' }

describe('A token by choosing a role', () => {
  it('speaks for that role, where the service is on this machine only', async () => {
    expect(await (await fetch(`${app.url}/roles.json`)).json()).toEqual({ roles: ROLES })
    for (const role of ROLES) {
      const response = await fetch(`${app.url}/roles/${role}`, { method: 'POST', headers: OWN_PAGE })
      expect(response.headers.get('cache-control')).toBe('no-store')
      const { token } = (await response.json()) as { token: string }
      expect((await app.data('{ me { role } }', { token })).me.role).toBe(role)
    }
  })

  it('is refused to pages of others, and to requests that do not say which page they are of', async () => {
    const others: Record<string, string>[] = [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, {}]
    for (const headers of others) {
      expect((await fetch(`${app.url}/roles/ADMIN`, { method: 'POST', headers })).status).toBe(403)
    }
    expect((await fetch(`${app.url}/roles/ADMIN`, { headers: OWN_PAGE })).status).toBe(404)
    expect((await fetch(`${app.url}/roles/ROOT`, { method: 'POST', headers: OWN_PAGE })).status).toBe(404)
  })

  const tokens = { issuer: 'alongside', audience: 'alongside', secret: TEST_SECRET }
  const stops: (() => void)[] = []
  afterEach(() => {
    for (const stop of stops.splice(0)) stop()
  })

  it.each([
    ['in production', { production: true, host: '127.0.0.1' }, tokens],
    ['by a service others reach', { production: false, host: '0.0.0.0' }, tokens],
    [
      'where an identity provider signs',
      { production: false, host: '127.0.0.1' },
      { issuer: 'a', audience: 'b', jwksUrl: 'https://id.example/keys' },
    ],
  ])('is not offered %s', async (_where, config, settings) => {
    const server = createServer(express().use(tryRoutes(config, settings))).listen(0, '127.0.0.1')
    stops.push(() => server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await (await fetch(`${url}/roles.json`)).json()).toEqual({ roles: [] })
    expect((await fetch(`${url}/roles/ADMIN`, { method: 'POST', headers: OWN_PAGE })).status).toBe(404)
  })
})
