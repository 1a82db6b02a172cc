import { z } from 'zod'
import { badInput } from '../../errors.ts'
import { Channel, InteractionType } from '../../generated/enums.ts'

/**
 * The language of segments: all, any and not over named conditions, each an object with one name. schema/segment.schema.json is made
 * of this; whatever is added to it is asked for in leaves.ts.
 */

export const ATTRIBUTES = [
  'age',
  'income',
  'householdSize',
  'homeOwnership',
  'maritalStatus',
  'householdComposition',
  'kids',
  'language',
  'timeZone',
] as const
export const STAGES = ['NEW', 'ACTIVE', 'LAPSING', 'LOST', 'PROSPECT'] as const

/** Levels of all, any and not around a condition; conditions in one, those included. */
const MAX_DEPTH = 10
const MAX_CONDITIONS = 100
const MAX_VALUES = 100
const MAX_TEXT = 200
const MAX_DAYS = 36_500

const text = z.string().min(1).max(MAX_TEXT)
const someOf = <T extends z.ZodType>(value: T) => z.array(value).min(1).max(MAX_VALUES)
const instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'expected a date (2017-12-01, which is its midnight UTC) or an instant with its offset',
})

/** In JSON Schema and here alike: just one, or at least one, of these names. */
const oneOf = (...names: string[]) => ({ oneOf: names.map((name) => ({ required: [name] })) })
const someNamed = (...names: string[]) => ({ anyOf: names.map((name) => ({ required: [name] })) })
const named = (value: object, names: readonly string[]) =>
  names.filter((name) => (value as Record<string, unknown>)[name] !== undefined)

const period = z
  .strictObject({
    lastDays: z.int().min(1).max(MAX_DAYS).optional().meta({ description: 'So many whole days, in UTC.' }),
    endingDaysAgo: z
      .int()
      .min(0)
      .max(MAX_DAYS)
      .optional()
      .meta({ description: 'The last of them is so many days before that of the latest order: 0 unless given.' }),
    from: instant.optional().meta({ description: 'From this on.' }),
    to: instant.optional().meta({ description: 'Before this.' }),
  })
  .refine(
    (given) =>
      given.lastDays !== undefined
        ? named(given, ['from', 'to']).length === 0
        : given.endingDaysAgo === undefined && named(given, ['from', 'to']).length > 0,
    'expected lastDays, with or without endingDaysAgo, or from, to or both',
  )
  .refine(({ from, to }) => from === undefined || to === undefined || new Date(from) < new Date(to), {
    path: ['to'],
    error: 'expected a time after `from`',
  })
  .meta({
    id: 'Period',
    description: 'Days up to that of the latest order there is, or a time between two given ones.',
    oneOf: [
      { required: ['lastDays'], properties: { from: false, to: false } },
      { anyOf: [{ required: ['from'] }, { required: ['to'] }], properties: { lastDays: false, endingDaysAgo: false } },
    ],
  })
export type Period = z.infer<typeof period>

const fifths = z.array(z.int().min(1).max(5)).min(1).max(5)

const LEAVES = {
  attribute: z
    .strictObject({ name: z.enum(ATTRIBUTES), in: someOf(text).optional() })
    .meta({ description: 'An attribute is one of these values, as they are stored; without `in`: it is known.' }),
  bought: z
    .strictObject({ productId: text.optional(), categoryId: text.optional(), period: period.optional() })
    .refine(
      (given) => named(given, ['productId', 'categoryId']).length === 1,
      'expected one of productId and categoryId',
    )
    .meta({
      description: 'Bought a product, or something of a department, category or type: ever, or in a period.',
      ...oneOf('productId', 'categoryId'),
    }),
  spend: z
    .strictObject({ min: z.number().min(0).optional(), max: z.number().min(0).optional(), period: period.optional() })
    .refine((given) => named(given, ['min', 'max']).length > 0, 'expected min, max or both')
    .refine(({ min = 0, max = Number.POSITIVE_INFINITY }) => min <= max, {
      path: ['max'],
      error: 'expected no less than min',
    })
    .meta({
      description: 'What the orders were worth together, ever or in a period; nothing where there are none.',
      ...someNamed('min', 'max'),
    }),
  rfm: z
    .strictObject({ recency: fifths.optional(), frequency: fifths.optional(), monetary: fifths.optional() })
    .refine(
      (given) => named(given, ['recency', 'frequency', 'monetary']).length > 0,
      'expected recency, frequency or monetary',
    )
    .meta({
      description:
        'In one of these fifths of all who ordered (5 the best) by when they last did, how often, and how much they spent; equals are in one fifth, the lowest they reach.',
      ...someNamed('recency', 'frequency', 'monetary'),
    }),
  lifecycle: z.array(z.enum(STAGES)).min(1).max(STAGES.length).meta({
    description:
      'In one of these stages. NEW: the first order is of the last 30 days. ACTIVE: not the first, but the latest one. LAPSING: the latest is of the last 90. LOST: it is older. PROSPECT: never ordered.',
  }),
  consent: z
    .discriminatedUnion('purpose', [
      z.strictObject({ purpose: z.literal('MARKETING'), channel: z.enum(Channel) }),
      z.strictObject({ purpose: z.literal('PROFILING') }),
    ])
    .meta({
      description: 'May be written to by a channel (their newest word on it is yes), or does not object to profiling.',
    }),
  response: z
    .strictObject({
      types: someOf(z.enum(InteractionType)),
      campaignId: text.optional(),
      period: period.optional(),
    })
    .meta({ description: 'One of these happened with them and a campaign, or any: ever, or in a period.' }),
}
type Leaves = { [Name in keyof typeof LEAVES]: z.infer<(typeof LEAVES)[Name]> }
export type LeafName = keyof Leaves
export const LEAF_NAMES = Object.keys(LEAVES) as LeafName[]

/** One name of them has a value. */
export type Condition = Partial<Leaves> & {
  all?: Condition[] | undefined
  any?: Condition[] | undefined
  not?: Condition | undefined
}

const NAMES = ['all', 'any', 'not', ...LEAF_NAMES]

export const CONDITION: z.ZodType<Condition> = z
  .strictObject(
    {
      get all() {
        return z.array(CONDITION).optional().meta({ description: 'Each of them holds; of none: everybody.' })
      },
      get any() {
        return z.array(CONDITION).optional().meta({ description: 'One of them holds; of none: nobody.' })
      },
      get not() {
        return CONDITION.optional()
      },
      ...(Object.fromEntries(Object.entries(LEAVES).map(([name, leaf]) => [name, leaf.optional()])) as {
        [Name in LeafName]: z.ZodOptional<(typeof LEAVES)[Name]>
      }),
    },
    {
      error: ({ code, keys }) =>
        code === 'unrecognized_keys'
          ? `there is no condition ${keys?.map((key) => JSON.stringify(key)).join(', ')}; there are ${NAMES.join(', ')}`
          : undefined,
    },
  )
  .refine((given) => named(given, NAMES).length === 1, `expected one of ${NAMES.join(', ')}`)
  .meta({ id: 'Condition', minProperties: 1, maxProperties: 1 })

/** @throws BAD_USER_INPUT of `condition` that names the first part that is not right, and what was expected there. */
export function parseCondition(given: unknown): Condition {
  checkSize(given)
  const parsed = CONDITION.safeParse(given)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw refused(path, message.replace(/^Invalid input: /, ''))
}

/** Before anything goes down into it: what is too deep would take the stack with it. */
function checkSize(given: unknown): void {
  let conditions = 0
  type Part = { value: unknown; path: readonly (string | number)[]; depth: number }
  const parts: Part[] = [{ value: given, path: [], depth: 0 }]
  for (let part = parts.pop(); part; part = parts.pop()) {
    const { value, path, depth } = part
    if (value === null || typeof value !== 'object') continue
    if (++conditions > MAX_CONDITIONS) throw refused(path, `more than ${MAX_CONDITIONS} conditions`)
    if (depth > MAX_DEPTH) throw refused(path, `more than ${MAX_DEPTH} levels of all, any and not`)
    const { all, any, not } = value as Record<string, unknown>
    for (const [name, inner] of Object.entries({ all, any })) {
      if (!Array.isArray(inner)) continue
      if (inner.length > MAX_CONDITIONS) throw refused([...path, name], `more than ${MAX_CONDITIONS} conditions`)
      for (let at = inner.length - 1; at >= 0; at--)
        parts.push({ value: inner[at], path: [...path, name, at], depth: depth + 1 })
    }
    parts.push({ value: not, path: [...path, 'not'], depth: depth + 1 })
  }
}

function refused(path: readonly PropertyKey[], message: string) {
  const where = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return badInput('condition', `condition${where}: ${message}.`)
}

/** The JSON Schema of a segment's condition. */
export const conditionSchema = () => z.toJSONSchema(CONDITION, { io: 'input' })
