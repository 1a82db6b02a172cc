import { BlockList, isIP } from 'node:net'
import { badInput } from '../../errors.ts'
import { checkText } from '../../input.ts'

const MAX = 2_000

/** Addresses that are not on the public internet. */
const PRIVATE = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv6')

/** An IPv4 address in IPv6 (::ffff:10.0.0.1) is held against the ranges of IPv4. */
export const isPrivateAddress = (address: string): boolean =>
  PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** By what it is written as: a name is looked up when it is connected to. */
export function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host) !== 0) return isPrivateAddress(host)
  return host === 'localhost' || host.endsWith('.localhost')
}

/**
 * In the form the URL standard gives it. `privateHosts`: hosts of this machine and of private networks are allowed, by http too.
 * @throws BAD_USER_INPUT that names the field and does not repeat the URL: it may hold a secret.
 */
export function checkedWebhookUrl(field: string, text: string, { privateHosts }: { privateHosts: boolean }): string {
  checkText(field, text, MAX)
  if (!URL.canParse(text)) throw badInput(field, `${field} is no URL.`)
  const url = new URL(text)
  const inside = isPrivate(url.hostname)
  if (inside && !privateHosts) throw badInput(field, `${field} must not lead to a private or loopback address.`)
  if (url.protocol !== 'https:' && !(inside && url.protocol === 'http:'))
    throw badInput(field, `${field} must begin with https://.`)
  if (url.username || url.password) throw badInput(field, `${field} must not hold a user name or password.`)
  return url.href
}
