import { useSyncExternalStore } from 'react'
import { post } from './graphql.ts'

export interface Viewer {
  subject: string
  role: string
  customer: string | null
  permissions: readonly string[]
}

/** Who the pages act for: nobody, a token being asked about, a viewer, or a token that the service refused. */
export type Session =
  | { state: 'out'; token: null }
  | { state: 'checking'; token: string }
  | { state: 'in'; token: string; viewer: Viewer }
  | { state: 'failed'; token: string | null; message: string }

const KEY = 'alongside:token'
const ME = 'query Me { me { subject role customer permissions } }'

let session: Session = { state: 'out', token: null }
let asking: AbortController | undefined
const listeners = new Set<() => void>()

function set(next: Session): void {
  session = next
  for (const listener of listeners) listener()
}

/** The tab's own storage; a browser that forbids it still signs in, until the page is reloaded. */
function remember(token: string | null): void {
  try {
    if (token) sessionStorage.setItem(KEY, token)
    else sessionStorage.removeItem(KEY)
  } catch {
    // the token stays in memory
  }
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(KEY)
  } catch {
    return null
  }
}

/** What was pasted may carry the scheme, quotes, or the line breaks of a terminal. */
const tidy = (text: string): string =>
  text
    .replace(/["'`]/g, '')
    .trim()
    .replace(/^bearer\s+/i, '')
    .replace(/\s/g, '')

async function check(token: string): Promise<void> {
  asking?.abort()
  const mine = new AbortController()
  asking = mine
  const answer = await post<{ me: Viewer }>(
    { query: ME, operationName: 'Me' },
    authorization(token),
    mine.signal,
  ).catch((error: unknown) => ({ data: null, errors: [{ message: String(error) }] }))
  if (mine.signal.aborted) return
  const viewer = answer.data?.me
  if (viewer) set({ state: 'in', token, viewer })
  else set({ state: 'failed', token, message: answer.errors?.[0]?.message ?? 'The service did not say who this is.' })
}

export function signIn(text: string): void {
  const token = tidy(text)
  if (!token) signOut()
  else if (!/^[\x21-\x7e]+$/.test(token)) {
    set({ state: 'failed', token: null, message: 'this holds characters that no token has. Copy it once more.' })
  } else {
    remember(token)
    set({ state: 'checking', token })
    void check(token)
  }
}

/** By choosing a role, where the service offers that. */
export async function signInAs(role: string): Promise<void> {
  try {
    const response = await fetch(`/roles/${role}`, { method: 'POST' })
    if (!response.ok) throw new Error(await response.text())
    const { token } = (await response.json()) as { token: string }
    signIn(token)
  } catch (error) {
    set({ state: 'failed', token: null, message: error instanceof Error ? error.message : String(error) })
  }
}

/** The roles there are to choose from: none in production, or where the service can't say. */
export async function offeredRoles(): Promise<readonly string[]> {
  try {
    const { roles } = (await (await fetch('/roles.json')).json()) as { roles: string[] }
    return roles
  } catch {
    return []
  }
}

export function signOut(): void {
  asking?.abort()
  remember(null)
  set({ state: 'out', token: null })
}

/** After a request was refused: has the token expired, or been revoked? */
export function recheck(): void {
  if (session.state === 'in') void check(session.token)
}

export const authorization = (token: string | null): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {}

/** A link may bring the token in its fragment, which no server sees; it must not stay in the address bar or history. */
function fromAddress(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const token = fragment.get('token')
  if (token === null) return null
  fragment.delete('token')
  const rest = fragment.toString()
  history.replaceState(history.state, '', location.pathname + location.search + (rest && `#${rest}`))
  return token
}

export function startSession(): void {
  const token = fromAddress() ?? remembered()
  if (token) signIn(token)
  window.addEventListener('hashchange', () => {
    const linked = fromAddress()
    if (linked) signIn(linked)
  })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useSession = (): Session => useSyncExternalStore(subscribe, () => session)
