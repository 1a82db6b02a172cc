// A thread runs no TypeScript by itself: this registers what does, then hands over.
import { register } from 'tsx/esm/api'

register()
const work = await import('./work.ts')

export const { train, load, rank, propose, without, who } = work
