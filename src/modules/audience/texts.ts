import { Language } from '../../generated/enums.ts'
import { createFormat } from '../recommendation/texts/format.ts'
import type { History, Term } from './response.ts'

/** Everything an audience says in words, once a language. */
export type Texts = {
  thisCustomer: string
  orders(withCoupon: number, all: number): string
  reasons: Record<Term, (history: History) => string>
  /** Why an audience is empty, or what it rests on. */
  nobody: string
  unlearned: string
  noPath(product: string): string
  notOffered(product: string): string
}

function english(): Texts {
  const { number, counted } = createFormat('en')
  const TIMES = { one: 'time', other: 'times' }
  const PRODUCTS = { one: 'product', other: 'products' }
  const ORDERS = { one: 'order', other: 'orders' }
  return {
    thisCustomer: 'this customer',
    orders: (withCoupon, all) => `${number(withCoupon)} of ${counted(all, ORDERS)}, with coupons`,
    reasons: {
      couponLines: ({ couponLinesCount }) => `This customer used coupons ${counted(couponLinesCount, TIMES)}`,
      couponShare: ({ couponOrdersCount, ordersCount }) =>
        `Coupons in ${number(couponOrdersCount)} of ${counted(ordersCount, ORDERS)}`,
      redemptions: ({ redemptionsCount }) => `Responded to campaigns ${counted(redemptionsCount, TIMES)} before`,
      promoted: ({ promotedCount, promotedProducts }) =>
        `Bought ${counted(promotedProducts, PRODUCTS)} of this campaign, ${counted(promotedCount, TIMES)} in all`,
      promotedWithCoupon: ({ promotedWithCouponCount }) =>
        `Bought products of this campaign with coupons ${counted(promotedWithCouponCount, TIMES)}`,
    },
    nobody: 'This campaign aims at nobody who may be profiled.',
    unlearned: 'No earlier campaign could be learned from: the weights are those of a fixed formula.',
    noPath: (product) => `No path leads from a customer who does not own it to ${product}.`,
    notOffered: (product) => `${product} is not merchandise, or is no longer sold: it is not offered.`,
  }
}

function polish(): Texts {
  const { number, counted } = createFormat('pl')
  const TIMES = { one: 'raz', few: 'razy', many: 'razy', other: 'raza' }
  const PRODUCTS = { one: 'produkt', few: 'produkty', many: 'produktów', other: 'produktu' }
  const OF_ORDERS = { one: 'zamówienia', few: 'zamówień', many: 'zamówień', other: 'zamówienia' }
  return {
    thisCustomer: 'ten klient',
    orders: (withCoupon, all) => `${number(withCoupon)} z ${counted(all, OF_ORDERS)}, z kuponami`,
    reasons: {
      couponLines: ({ couponLinesCount }) => `Ten klient użył kuponów ${counted(couponLinesCount, TIMES)}`,
      couponShare: ({ couponOrdersCount, ordersCount }) =>
        `Kupony w ${number(couponOrdersCount)} z ${counted(ordersCount, OF_ORDERS)}`,
      redemptions: ({ redemptionsCount }) => `Odpowiedział na kampanie ${counted(redemptionsCount, TIMES)}`,
      promoted: ({ promotedCount, promotedProducts }) =>
        `Kupił ${counted(promotedProducts, PRODUCTS)} z tej kampanii, łącznie ${counted(promotedCount, TIMES)}`,
      promotedWithCoupon: ({ promotedWithCouponCount }) =>
        `Kupił produkty z tej kampanii z kuponami ${counted(promotedWithCouponCount, TIMES)}`,
    },
    nobody: 'Ta kampania nie jest skierowana do nikogo, kogo wolno profilować.',
    unlearned: 'Nie było wcześniejszych kampanii, z których można by się uczyć: wagi pochodzą ze stałej formuły.',
    noPath: (product) => `Żadna ścieżka nie prowadzi do ${product} od klienta, który tego nie ma.`,
    notOffered: (product) => `${product}: to nie jest towar albo nie jest już w sprzedaży, więc nie jest proponowane.`,
  }
}

const TEXTS: Readonly<Record<Language, Texts>> = { [Language.EN]: english(), [Language.PL]: polish() }

export const textsIn = (language: Language): Texts => TEXTS[language]
