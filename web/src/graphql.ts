/** One way to the service for every page: POST /graphql, with whatever went wrong said in a sentence. */
export const ENDPOINT = '/graphql'

export interface Failure {
  message: string
  extensions?: Record<string, unknown>
}

export interface Answer<Data = Record<string, unknown>> {
  data?: Data | null
  errors?: readonly Failure[]
}

export interface Operation {
  query: string
  variables?: Record<string, unknown> | null
  operationName?: string | null
}

const failed = (message: string): Answer<never> => ({ errors: [{ message }] })

const isAnswer = (value: unknown): value is Answer<never> =>
  typeof value === 'object' && value !== null && ('data' in value || 'errors' in value)

export async function post<Data>(
  operation: Operation,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Answer<Data>> {
  let response: Response
  try {
    response = await fetch(ENDPOINT, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...headers,
      },
      body: JSON.stringify(operation),
      ...(signal && { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    return failed('The server did not answer. Is it still running?')
  }
  const text = await response.text()
  try {
    const body: unknown = JSON.parse(text)
    if (isAnswer(body)) return body
  } catch {
    // not JSON: said below
  }
  return failed(`The server answered ${response.status} ${response.statusText}: ${text.slice(0, 200) || 'no content'}`)
}

export const hasCode = (answer: Answer<unknown>, code: string): boolean =>
  answer.errors?.some((error) => error.extensions?.code === code) ?? false
