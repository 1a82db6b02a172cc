/** Ids that exist in the graph the server has loaded; empty where there is none, as of a campaign in a shop without one. */
export interface ExampleIds {
  customerId: string
  productId: string
  basketProductId: string
  campaignId: string
  decidedCustomerId: string
}

const NONE: ExampleIds = { customerId: '', productId: '', basketProductId: '', campaignId: '', decidedCustomerId: '' }

/** Never fails: without ids the examples still open, with empty variables. */
async function load(): Promise<ExampleIds> {
  try {
    const response = await fetch('/examples.json', { signal: AbortSignal.timeout(3000) })
    if (!response.ok) return NONE
    const body: unknown = await response.json()
    if (typeof body !== 'object' || body === null) return NONE
    const known = Object.entries(body).filter(([key, value]) => key in NONE && typeof value === 'string')
    return { ...NONE, ...Object.fromEntries(known) }
  } catch {
    return NONE
  }
}

let loading: Promise<ExampleIds> | undefined
export const exampleIds = (): Promise<ExampleIds> => {
  loading ??= load()
  return loading
}
