import type { Contribution, Explained, Step } from './explained.ts'
import { kindName } from './words.ts'

export interface PathNode {
  key: string
  label: string
  name: string
}
export interface PathLink {
  source: string
  target: string
  /** Widths have no sign; what takes away is told by `contribution`. */
  value: number
  contribution: number
  /** Which evidence it is a part of; its length for the paths that were not asked for. */
  at: number
}
export interface PathGraph {
  nodes: PathNode[]
  links: PathLink[]
}

/** Every path ends in the one offered product, however long it is, so that all meet there. */
const OFFERED = 'offered'

/** Paths through the same steps at the same places share them. A boost has no path: it starts at its own name. */
export function pathsOf({ title, evidence, other }: Explained): PathGraph {
  const nodes = new Map<string, PathNode>()
  const links: PathLink[] = []
  const add = (key: string, { label, name }: Pick<Step, 'label' | 'name'>) => {
    if (!nodes.has(key)) nodes.set(key, { key, label, name })
    return key
  }
  const draw = ({ place: at, kind, contribution, path = [] }: Contribution) => {
    if (contribution === 0) return
    const before = path.length > 1 ? path.slice(0, -1) : [{ label: 'Kind', name: kindName(kind) }]
    const keys = before.map((step, place) => add(`${place} ${step.label} ${step.id ?? step.name}`, step))
    keys.push(add(OFFERED, { label: 'Product', name: path.at(-1)?.name ?? title }))
    for (const [place, target] of keys.slice(1).entries())
      links.push({ source: keys[place]!, target, value: Math.abs(contribution), contribution, at })
  }
  for (const one of evidence) draw(one)
  // Rounding alone draws nothing.
  if (Math.abs(other) > 1e-9) draw({ place: evidence.length, kind: 'OTHER', contribution: other })
  return { nodes: [...nodes.values()], links }
}

export interface KindSum {
  kind: string
  contribution: number
}

/** What each kind adds or takes, strongest first, and last what was not asked for; together the score. */
export function sumsByKind({ evidence, other }: Explained): KindSum[] {
  const sums = new Map<string, number>()
  for (const { kind, contribution } of evidence) sums.set(kind, (sums.get(kind) ?? 0) + contribution)
  const kinds = [...sums].map(([kind, contribution]) => ({ kind, contribution }))
  kinds.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
  return Math.abs(other) > 1e-9 ? [...kinds, { kind: 'OTHER', contribution: other }] : kinds
}
