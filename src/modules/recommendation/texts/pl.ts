import { MIN_CUSTOMERS } from '../support.ts'
import { createFormat } from './format.ts'
import type { OwnWords, Several, Texts } from './texts.ts'

const { number, counted, factor, percent, precise } = createFormat('pl')

// By the case that the words before ask for; `other` is for fractions.
const TIMES = { one: 'raz', few: 'razy', many: 'razy', other: 'raza' }
const IN_ORDERS = { one: 'zamówieniu', few: 'zamówieniach', many: 'zamówieniach', other: 'zamówienia' }
const BY_CUSTOMERS = { one: 'klienta', few: 'klientów', many: 'klientów', other: 'klienta' }
const DAYS_AGO = { one: 'dzień', few: 'dni', many: 'dni', other: 'dnia' }
const AFTER_DAYS = { one: 'dniu', few: 'dniach', many: 'dniach', other: 'dnia' }
const OF_DAYS = { one: 'dnia', few: 'dni', many: 'dni', other: 'dnia' }
const PRODUCTS = { one: 'produkt', few: 'produkty', many: 'produktów', other: 'produktu' }
const WITH_PRODUCTS = { one: 'produktem', few: 'produktami', many: 'produktami', other: 'produktu' }
const AFTER_PRODUCTS = { one: 'produkcie', few: 'produktach', many: 'produktach', other: 'produktu' }

const FEWER = `przez mniej niż ${counted(MIN_CUSTOMERS, BY_CUSTOMERS)}`
const byCustomers = (n: number | null) => (n === null ? FEWER : `przez ${counted(n, BY_CUSTOMERS)}`)
const lift = (n: number) =>
  n >= 1.05 ? `${counted(n, TIMES)} częściej niż przypadkiem` : 'mniej więcej tak często, jak przypadkiem'
const did = ({ times }: OwnWords) => (times > 0 ? 'kupił' : 'oglądał')
const few = (group: Several) => (group.few ? `, za każdym razem ${FEWER}` : '')

const placed = (rank: number | null) =>
  rank === null ? 'nie byłoby proponowane' : `byłoby na ${number(rank)}. miejscu`

const ATTRIBUTES: Readonly<Record<string, string>> = {
  age: 'wiek',
  income: 'dochód',
  homeOwnership: 'mieszkanie',
  maritalStatus: 'stan cywilny',
  householdSize: 'liczba osób w gospodarstwie',
  householdComposition: 'gospodarstwo',
  kids: 'liczba dzieci',
}
/** Words in the values of the Complete Journey; others stand as the shop gave them. */
const VALUES: Readonly<Record<string, string>> = {
  Homeowner: 'własne',
  Renter: 'wynajęte',
  'Probable Homeowner': 'prawdopodobnie własne',
  'Probable Renter': 'prawdopodobnie wynajęte',
  Married: 'w małżeństwie',
  Unmarried: 'bez małżeństwa',
  '1 Adult No Kids': '1 dorosły bez dzieci',
  '1 Adult Kids': '1 dorosły z dziećmi',
  '2 Adults No Kids': '2 dorosłych bez dzieci',
  '2 Adults Kids': '2 dorosłych z dziećmi',
  'Under 15K': 'poniżej 15K',
}

export const pl: Texts = {
  thisCustomer: 'ten klient',
  similarCustomers: 'podobni klienci',
  several: (count, of) => `${of} (${counted(count, PRODUCTS)})`,
  group: (attribute, value) => `${ATTRIBUTES[attribute] ?? attribute} ${VALUES[value] ?? value}`,
  campaign: (id) => `kampania ${id}`,

  trend: (times) =>
    ` (razy ${factor(times)}: kupuje to ${times > 1 ? 'więcej' : 'mniej'} klientów niż miesiąc wcześniej)`,
  repeat: (times) => `Ten klient kupił to ${counted(times, TIMES)}`,
  boughtWith: (own, behind) => {
    const much = behind ? `w ${counted(behind.orders, IN_ORDERS)}, ${lift(behind.lift)}` : FEWER
    const times = own.times > 0 ? ` ${counted(own.times, TIMES)}` : ''
    const held = own.basket ? `${own.name} jest w koszyku` : `ten klient ${did(own)} ${own.name}${times}`
    return `Kupowane razem z ${own.name} ${much}; ${held}`
  },
  boughtWithSeveral: (group) =>
    `Kupowane razem z ${counted(group.count, WITH_PRODUCTS)} ${group.of} ${group.basket ? 'w koszyku' : 'tego klienta'}, najczęściej z ${group.strongest}${few(group)}`,
  boughtAfter: (own, ago, behind) => {
    const much = behind ? `${counted(behind.orders, TIMES)}, zwykle po ${counted(behind.between, AFTER_DAYS)}` : FEWER
    return `Kupowane po ${own.name} ${much}; ten klient ${did(own)} ${own.name} ${counted(ago, DAYS_AGO)} temu`
  },
  boughtAfterSeveral: (group) =>
    `Kupowane po ${counted(group.count, AFTER_PRODUCTS)} ${group.of} tego klienta, najczęściej po ${group.strongest}${few(group)}`,
  similarCustomer: (behind) => {
    const lately = behind.days === undefined ? '' : `w ciągu ostatnich ${counted(behind.days, OF_DAYS)} `
    if (behind.neighbours === null) return `Kupione ${lately}${FEWER} podobnych do tego`
    return `Kupione ${lately}${byCustomers(behind.customers)} spośród ${number(behind.neighbours)} najbardziej podobnych do tego`
  },
  itemModel: (own, adds) => {
    const bought = own.times > 0 ? `kupił to ${counted(own.times, TIMES)}` : 'oglądał to'
    const held = own.basket ? 'jest to w koszyku' : `ten klient ${bought}`
    return `Kto kupuje ${own.name}, kupuje to ${adds ? 'częściej' : 'rzadziej'} niż inni; ${held}`
  },
  itemModelSeveral: (group) =>
    `Kto kupuje ${counted(group.count, PRODUCTS)} ${group.of} ${group.basket ? 'z tego koszyka' : 'tego klienta'}, kupuje to ${group.adds ? 'częściej' : 'rzadziej'}, a najbardziej wpływa na to ${group.strongest}`,
  trending: ({ recent, before, days }) => {
    const lately = `Kupione ${byCustomers(recent)} w ciągu ostatnich ${counted(days, OF_DAYS)}`
    if (recent === null) return `${lately}, ale przez więcej niż wcześniej`
    return `${lately}, ${before === null ? 'a prawie przez nikogo' : byCustomers(before)} w ciągu ${counted(days, OF_DAYS)} wcześniej`
  },
  sameCategory: (category, share, bought) =>
    `${category} to ${percent(share)} zakupów tego klienta; ten produkt kupiony ${byCustomers(bought)}`,
  popularInGroup: (group, bought) => `Kupione ${byCustomers(bought)} z grupy ${group}`,
  responded: (campaign, bought) =>
    `Kupione ${byCustomers(bought)}, na których podziałała ${campaign}, tak jak na tego klienta`,
  boost: (raised) => `${raised ? 'Podniesione' : 'Obniżone'} przez wzmocnienia z zapytania`,
  diversity: 'Kupuje to wielu klientów: ustępuje temu, co kupuje mniej osób, bo zapytanie prosi o różnorodność',

  objected: 'Ten klient nie zgadza się na profilowanie: niczego się dla niego nie wybiera.',
  noOffers: 'Żadna ścieżka od tego klienta nie prowadzi do produktu, który przechodzi filtry.',
  nothingGoesWith: 'Nic, co przechodzi filtry, nie pasuje do tego koszyka.',

  notMerchandise: (name) => `${name} nie jest towarem (paliwo, kupony, kaucje i podobne).`,
  inactive: (name) => `${name} nie jest już w sprzedaży.`,
  owned: (times) => `Ten klient kupił to już ${counted(times, TIMES)}.`,
  filtered: (filter) => `Wyklucza to filtr where.${filter}.`,
  noPath: 'Żadna ścieżka od tego klienta do tego nie prowadzi.',
  outweighed: 'To, co przemawia przeciw, waży więcej niż to, co przemawia za.',
  belowRank: (rank, within) => `Zajmuje ${number(rank)}. miejsce; polecanych jest pierwszych ${number(within)}.`,

  without: (name, rank) => `Bez ${name} ${placed(rank)}.`,
  withoutItself: (rank) => `Gdyby ten klient tego nie kupił, ${placed(rank)}.`,
  noneDecides: ({ inside, within, tried, all }) =>
    `${tried < all ? `Żaden z najważniejszych zakupów (${number(tried)})` : 'Żaden zakup'} sam nie decyduje: bez któregokolwiek z nich ${inside ? 'zostałoby' : 'nie znalazłoby się'} wśród pierwszych ${number(within)}.`,
  withOwned: 'Z includeOwned może być polecone ponownie.',
  withoutFilter: 'Bez tego filtra o miejscu zdecydowałyby ścieżki.',
  moreScore: (score, boost) =>
    `Byłoby polecone z wynikiem większym o ${precise(score)}${boost === null ? '' : ` albo ze wzmocnieniem ${precise(boost)}`}.`,
}
