/** What a result says of why: whatever has a score that evidence adds up to, wherever it stands in the answer. */
export interface Step {
  label: string
  id?: string | null
  name: string
  relationship?: string | null
}
export interface Contribution {
  /** Among the evidence of its result. */
  place: number
  kind: string
  contribution: number
  reason?: string
  path?: readonly Step[]
}
export interface Explained {
  /** Where it stands in the answer: "crossSell.items.0". */
  key: string
  title: string
  rank: number | null
  score: number
  evidence: readonly Contribution[]
  /** What the paths that were not asked for add. */
  other: number
  /** Why it is not offered, where the answer says so. */
  whyNot: readonly string[]
}

type Some = Record<string, unknown>
const isSome = (value: unknown): value is Some => typeof value === 'object' && value !== null && !Array.isArray(value)
const numberOr = <T>(value: unknown, otherwise: T) => (typeof value === 'number' ? value : otherwise)

const isStep = (value: unknown): value is Step & Some =>
  isSome(value) && typeof value.name === 'string' && typeof value.label === 'string'

function contributionOf(value: unknown, place: number): Contribution | undefined {
  if (!isSome(value) || typeof value.contribution !== 'number') return undefined
  const path = Array.isArray(value.path) && value.path.every(isStep) ? value.path : undefined
  return {
    place,
    kind: typeof value.kind === 'string' ? value.kind : 'PATH',
    contribution: value.contribution,
    ...(typeof value.reason === 'string' && { reason: value.reason }),
    ...(path && { path }),
  }
}

const nameOf = (value: unknown) => (isSome(value) ? (value.name ?? value.id) : undefined)

function explainedOf(value: Some, key: string): Explained | undefined {
  if (!Array.isArray(value.evidence)) return undefined
  const evidence = value.evidence.map(contributionOf).filter((one) => one !== undefined)
  if (evidence.length < value.evidence.length) return undefined
  const sum = evidence.reduce((total, { contribution }) => total + contribution, 0)
  const score = numberOr(value.score, sum + numberOr(value.otherContribution, 0))
  const title = nameOf(value.product) ?? nameOf(value.customer) ?? evidence[0]?.path?.at(-1)?.name
  return {
    key,
    title: typeof title === 'string' ? title : key,
    rank: numberOr(value.rank, null),
    score,
    evidence,
    // Not asked for, it is still what is missing to the score.
    other: numberOr(value.otherContribution, score - sum),
    whyNot: Array.isArray(value.whyNot)
      ? value.whyNot.flatMap((one) => (isSome(one) && typeof one.message === 'string' ? [one.message] : []))
      : [],
  }
}

/** In the order of the answer; an answer that is no JSON has none. */
export function explainedIn(text: string): Explained[] {
  const found: Explained[] = []
  const look = (value: unknown, at: string[]): void => {
    const explained = isSome(value) ? explainedOf(value, at.join('.')) : undefined
    if (explained) found.push(explained)
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) look(inner, [...at, name])
  }
  try {
    const answer: unknown = JSON.parse(text)
    if (isSome(answer)) look(answer.data, [])
  } catch {
    // an error told in words, or half an answer
  }
  return found
}
