import { MIN_CUSTOMERS } from '../support.ts'
import { createFormat } from './format.ts'
import type { OwnWords, Several, Texts } from './texts.ts'

const { number, counted, factor, percent, precise } = createFormat('en')

const TIMES = { one: 'time', other: 'times' }
const ORDERS = { one: 'order', other: 'orders' }
const CUSTOMERS = { one: 'customer', other: 'customers' }
const DAYS = { one: 'day', other: 'days' }
const PRODUCTS = { one: 'product', other: 'products' }

const FEWER = `fewer than ${MIN_CUSTOMERS} customers`
const customers = (n: number | null) => (n === null ? FEWER : counted(n, CUSTOMERS))
const lift = (n: number) => (n >= 1.05 ? `${number(n)} times more often than chance` : 'about as often as chance')
const did = ({ times }: OwnWords) => (times > 0 ? 'bought' : 'looked at')
const few = (group: Several) => (group.few ? `, by ${FEWER} each` : '')

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const ENDINGS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' }
const placed = (rank: number | null) =>
  rank === null ? 'not be offered' : `be ${number(rank)}${ENDINGS[ordinals.select(rank)] ?? 'th'}`

const ATTRIBUTES: Readonly<Record<string, string>> = {
  homeOwnership: 'home',
  maritalStatus: 'marital status',
  householdSize: 'household size',
  householdComposition: 'household',
  kids: 'number of children',
}

export const en: Texts = {
  thisCustomer: 'this customer',
  similarCustomers: 'similar customers',
  several: (count, of) => `${of} (${counted(count, PRODUCTS)})`,
  group: (attribute, value) => `${ATTRIBUTES[attribute] ?? attribute} ${value}`,
  campaign: (id) => `campaign ${id}`,

  trend: (times) => ` (times ${factor(times)}: ${times > 1 ? 'more' : 'fewer'} customers buy it than a month before)`,
  repeat: (times) => `This customer bought it ${counted(times, TIMES)}`,
  boughtWith: (own, behind) => {
    const much = behind ? `in ${counted(behind.orders, ORDERS)}, ${lift(behind.lift)}` : `by ${FEWER}`
    const times = own.times > 0 ? ` ${counted(own.times, TIMES)}` : ''
    const held = own.basket ? `${own.name} is in the basket` : `this customer ${did(own)} ${own.name}${times}`
    return `Bought together with ${own.name} ${much}; ${held}`
  },
  boughtWithSeveral: (group) =>
    `Bought together with ${number(group.count)} ${group.of} products ${group.basket ? 'in the basket' : 'of this customer'}, most of all ${group.strongest}${few(group)}`,
  boughtAfter: (own, ago, behind) => {
    const much = behind
      ? `${counted(behind.orders, TIMES)}, typically ${counted(behind.between, DAYS)} later`
      : `by ${FEWER}`
    return `Bought after ${own.name} ${much}; this customer ${did(own)} ${own.name} ${counted(ago, DAYS)} ago`
  },
  boughtAfterSeveral: (group) =>
    `Bought after ${number(group.count)} ${group.of} products this customer bought, most of all ${group.strongest}${few(group)}`,
  similarCustomer: (behind) => {
    const lately = behind.days === undefined ? '' : `in the last ${counted(behind.days, DAYS)} `
    if (behind.neighbours === null) return `Bought ${lately}by ${FEWER} like this one`
    const alike = `the ${counted(behind.neighbours, CUSTOMERS)} most like this one`
    return behind.customers === null
      ? `Bought ${lately}by ${FEWER} among ${alike}`
      : `Bought ${lately}by ${number(behind.customers)} of ${alike}`
  },
  itemModel: (own, adds) => {
    const bought = own.times > 0 ? `bought it ${counted(own.times, TIMES)}` : 'looked at it'
    const held = own.basket ? 'it is in the basket' : `this customer ${bought}`
    return `Customers who buy ${own.name} buy this ${adds ? 'more' : 'less'} than others do; ${held}`
  },
  itemModelSeveral: (group) =>
    `Customers who buy the ${number(group.count)} ${group.of} products ${group.basket ? 'in this basket' : 'this customer buys'} buy this ${group.adds ? 'more' : 'less'}, most of all ${group.strongest}`,
  trending: ({ recent, before, days }) =>
    recent === null
      ? `Bought by ${FEWER} in the last ${counted(days, DAYS)}, but by more than before`
      : `Bought by ${customers(recent)} in the last ${counted(days, DAYS)}, ${before === null ? 'hardly any' : number(before)} in the ${number(days)} before`,
  sameCategory: (category, share, bought) =>
    `${category} is ${percent(share)} of what this customer buys; ${customers(bought)} bought this one`,
  popularInGroup: (group, bought) => `Bought by ${customers(bought)} of the group ${group}`,
  responded: (campaign, bought) => `Bought by ${customers(bought)} who responded to ${campaign}, as this customer did`,
  boost: (raised) => `${raised ? 'Raised' : 'Lowered'} by the boosts asked for`,
  diversity: 'Many customers buy it: it gives way to what fewer do, as diversity asks',

  objected: 'This customer objects to profiling: nothing is worked out to offer them.',
  noOffers: 'No path from this customer leads to a product that passes the filters.',
  nothingGoesWith: 'Nothing that passes the filters goes with this basket.',

  notMerchandise: (name) => `${name} is not merchandise (fuel, coupons, deposits and the like).`,
  inactive: (name) => `${name} is no longer sold.`,
  owned: (times) => `This customer already bought it ${counted(times, TIMES)}.`,
  filtered: (filter) => `where.${filter} leaves it out.`,
  noPath: 'No path leads to it from this customer.',
  outweighed: 'What speaks against it weighs more than what speaks for it.',
  belowRank: (rank, within) => `It ranks ${number(rank)}; the first ${number(within)} are recommended.`,

  without: (name, rank) => `Without ${name} it would ${placed(rank)}.`,
  withoutItself: (rank) => `Had this customer not bought it, it would ${placed(rank)}.`,
  noneDecides: ({ inside, within, tried, all }) =>
    `${tried < all ? `Of the ${number(tried)} purchases that matter most none` : 'No single purchase'} decides: without any one of them it would ${inside ? 'stay' : 'still not be'} among the first ${number(within)}.`,
  withOwned: 'With includeOwned it may be offered again.',
  withoutFilter: 'Without this filter it would be ranked by its paths.',
  moreScore: (score, boost) =>
    `It would be recommended with ${precise(score)} more of score${boost === null ? '' : `, or a boost of ${precise(boost)}`}.`,
}
