import type { Storage as GraphiQLStorage } from '@graphiql/toolkit'

/** GraphiQL's tabs and history under a prefix of our own; a new number forgets what an older explorer kept. */
const PREFIX = 'alongside:explorer:1:'

function local(): globalThis.Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}

const keys = (): string[] => Object.keys(local() ?? {}).filter((key) => key.startsWith(PREFIX))

export const storage: GraphiQLStorage = {
  getItem: (key) => local()?.getItem(PREFIX + key) ?? null,
  setItem: (key, value) => local()?.setItem(PREFIX + key, value),
  removeItem: (key) => local()?.removeItem(PREFIX + key),
  clear: () => {
    for (const key of keys()) local()?.removeItem(key)
  },
  get length() {
    return keys().length
  },
}

/** Whether this browser has been here before: then GraphiQL brings its own tabs back. */
export const hasTabs = (): boolean => storage.getItem('graphiql:tabState') !== null
