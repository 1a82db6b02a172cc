import { Direction, EvidenceKind } from '../../generated/enums.ts'
import type { Kind, Piece } from './kinds/kind.ts'
import type { Evidence, PathStep } from './recommendation.type.ts'
import type { Texts } from './texts/texts.ts'

/** A path with what it adds to the score, the kind it is of and where it starts. */
export type Part = { piece: Piece; kind: Pick<Kind, 'kind' | 'together'>; contribution: number; basket: boolean }

type Named = { id: string; name: string }

/** Own products of a type that adds less than this share of the whole are told with the others of their department. */
const OWN_LINE = 0.05

type Group = { parts: Part[]; of: string | null; id: string | null }

/**
 * What a person would tell together: all paths of a kind through own products of one type, or, where a type says little, of one
 * department. Strongest first; contributions add up to those of the parts, in which the factor `trend` is taken in.
 */
export function toEvidence(
  parts: readonly Part[],
  offered: Named,
  customerId: string | null,
  trend: number,
  say: Texts,
): Evidence[] {
  const whole = weightOf(parts)
  const byType = groupBy(parts, ({ piece: { own } }) => named(own?.type, own?.typeName))
  const small = byType.filter((group) => group.of !== null && Math.abs(sumOf(group.parts)) < OWN_LINE * whole)
  const folded = groupBy(
    small.flatMap(({ parts }) => parts),
    ({ piece: { own } }) => named(own?.department && `department:${own.department}`, own?.department),
  )
  const groups = [...byType.filter((group) => !small.includes(group)), ...folded]
  const factor = Math.abs(trend - 1) < 0.005 ? '' : say.trend(trend)
  return withShares(groups.map((group) => tell(group, offered, customerId, factor, say)))
}

/** Strongest first; share = |contribution| / sum of |contribution|. */
export function withShares(evidence: readonly Evidence[]): Evidence[] {
  const whole = weightOf(evidence)
  return evidence
    .map((one) => ({ ...one, share: whole === 0 ? 0 : Math.abs(one.contribution) / whole }))
    .sort((a, b) => b.share - a.share || (placeOf(a) < placeOf(b) ? -1 : 1))
}

/** The same in every language. */
const placeOf = ({ kind, path }: Evidence) => [kind, ...path.map(({ id }) => id)].join('\n')

export const sumOf = (all: readonly { contribution: number }[]) =>
  all.reduce((sum, { contribution }) => sum + contribution, 0)

/** Of what adds and of what takes. */
const weightOf = (all: readonly { contribution: number }[]) =>
  all.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0)

const named = (id: string | null | undefined, name: string | null | undefined) =>
  id ? ([id, name ?? id] as const) : undefined

/** By kind, start and what `by` gives: an id and a name. Parts without that stay alone. */
function groupBy(parts: readonly Part[], by: (part: Part) => readonly [string, string] | undefined): Group[] {
  const groups = new Map<string, Group>()
  for (const [at, part] of parts.entries()) {
    const given = by(part)
    const key = given ? `${part.kind.kind} ${part.basket} ${given[0]}` : `alone ${at}`
    const group = groups.get(key) ?? { parts: [], of: given?.[1] ?? null, id: given?.[0] ?? null }
    groups.set(key, group)
    group.parts.push(part)
  }
  return [...groups.values()]
}

function tell(group: Group, offered: Named, customerId: string | null, factor: string, say: Texts): Evidence {
  const parts = [...group.parts].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
  const [strongest] = parts as [Part, ...Part[]]
  const contribution = sumOf(parts)
  const alone = parts.length === 1 || !strongest.kind.together
  const reason = alone
    ? strongest.piece.reason(say)
    : strongest.kind.together!(say, {
        count: parts.length,
        of: group.of!,
        strongest: strongest.piece.own!.name,
        adds: contribution >= 0,
        basket: strongest.basket,
        few: parts.every(({ piece }) => piece.support === null),
      })
  return {
    kind: strongest.kind.kind,
    contribution,
    share: 0,
    reason: reason + factor,
    path: stepsOf(
      strongest,
      offered,
      customerId,
      alone ? null : { id: group.id!, name: say.several(parts.length, group.of!) },
      say,
    ),
    support: alone ? strongest.piece.support : null,
  }
}

/** From this customer, or from the basket, to what is offered; `together` stands for several own products. */
function stepsOf(
  part: Part,
  offered: Named,
  customerId: string | null,
  together: Named | null,
  say: Texts,
): PathStep[] {
  const { own, through, relationship } = part.piece
  const { basket } = part
  const customer = { label: 'Customer', id: customerId, name: say.thisCustomer, relationship: null, direction: null }
  const start: PathStep[] = basket ? [] : [customer]
  if (own) {
    const step = together ? { label: 'Category', ...together } : { label: 'Product', id: own.id, name: own.name }
    const led = basket
      ? { relationship: null, direction: null }
      : { relationship: own.times > 0 ? 'BOUGHT' : 'VIEWED', direction: Direction.OUT }
    start.push({ ...step, ...led })
  }
  return [
    ...start,
    ...through(say),
    {
      label: 'Product',
      id: offered.id,
      name: offered.name,
      relationship,
      direction: own || !basket ? Direction.OUT : null,
    },
  ]
}

/** What a boost or diversity does to a score, told as evidence of its own kind; null where it does nothing. */
export function adjustment(
  kind: typeof EvidenceKind.BOOST | typeof EvidenceKind.DIVERSITY,
  contribution: number,
  offered: Named,
  say: Texts,
): Evidence | null {
  if (contribution === 0) return null
  const reason = kind === EvidenceKind.DIVERSITY ? say.diversity : say.boost(contribution > 0)
  const path = [{ label: 'Product', id: offered.id, name: offered.name, relationship: null, direction: null }]
  return { kind, contribution, share: 0, reason, path, support: null }
}
