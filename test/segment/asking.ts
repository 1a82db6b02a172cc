import { type Answer, type Ask, type TestApp } from '../support/app.ts'

const PREVIEW = `query ($input: SegmentInput!) { segmentPreview(input: $input) { size sample { id } } }`
const SAVE = `mutation ($input: SegmentInput!) { saveSegment(input: $input) { id name condition createdAt updatedAt } }`

/** Segments by the public API, and by the service what it has no field for. */
export const asking = (app: TestApp) => {
  const preview = (condition: unknown, options: Ask = { role: 'ANALYST' }): Promise<Answer> =>
    app.ask(PREVIEW, { ...options, variables: { input: { name: 'a test', condition } } })
  const save = (input: object, options: Ask = { role: 'MARKETER' }): Promise<Answer> =>
    app.ask(SAVE, { ...options, variables: { input: { name: 'a test', ...input } } })
  const saved = async (condition: unknown): Promise<string> => {
    const { data, errors } = await save({ condition })
    if (errors) throw new Error(`${errors[0]!.message}\n${JSON.stringify(condition)}`)
    return data.saveSegment.id
  }
  return {
    preview,
    save,
    saved,
    /** All ids, ascending. */
    members: async (condition: unknown): Promise<string[]> =>
      app.services.segment.members(await saved(condition), { first: 1_000 }),
  }
}
