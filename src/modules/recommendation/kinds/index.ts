import { boughtAfter } from './bought-after.ts'
import { boughtWith } from './bought-with.ts'
import { campaign } from './campaign.ts'
import { itemModel } from './item-model.ts'
import type { Kind } from './kind.ts'
import { popularInGroup } from './popular-in-group.ts'
import { repeat } from './repeat.ts'
import { sameCategory } from './same-category.ts'
import { similarCustomer } from './similar-customer.ts'
import { trending } from './trending.ts'

/** Every kind of evidence there is. A new one: its own files, and a line here. */
export const KINDS = [
  repeat,
  boughtWith,
  boughtAfter,
  similarCustomer,
  itemModel,
  trending,
  sameCategory,
  popularInGroup,
  campaign,
] as unknown as readonly Kind[]
