import { z } from 'zod'
import { Channel, InteractionType } from '../../generated/enums.ts'

/**
 * What a message of each topic holds: one item in JSON, in the shape of the GraphQL input of the same name. The schemas that are
 * published (schema/events) are made from these. What a field may hold beyond its type, the services say.
 */

const id = z.string()
const text = z.string().nullish()
/** ISO 8601 with its offset. */
const instant = z.iso.datetime({ offset: true })

const orderLine = z.strictObject({
  productId: id,
  quantity: z.number(),
  value: z.number(),
  discount: z.number().default(0),
  couponDiscount: z.number().default(0),
})

export const MESSAGES = {
  orders: z
    .strictObject({
      id,
      revision: z.int32().default(1),
      customerId: id,
      placedAt: instant,
      storeId: id.nullish(),
      channel: text,
      lines: z.array(orderLine),
    })
    .meta({ title: 'OrderInput' }),
  views: z.strictObject({ id, customerId: id, productId: id, at: instant }).meta({ title: 'ViewInput' }),
  interactions: z
    .strictObject({
      id,
      customerId: id,
      campaignId: id,
      type: z.enum(InteractionType),
      channel: z.enum(Channel).nullish(),
      productId: id.nullish(),
      orderId: id.nullish(),
      at: instant,
    })
    .meta({ title: 'InteractionInput' }),
  products: z
    .strictObject({
      id,
      name: z.string(),
      brand: text,
      department: text,
      category: text,
      type: text,
      packageSize: text,
      manufacturerId: id.nullish(),
      price: z.number().nullish(),
      margin: z.number().nullish(),
      active: z.boolean().default(true),
    })
    .meta({ title: 'ProductInput' }),
  customers: z
    .strictObject({
      id,
      age: text,
      income: text,
      householdSize: text,
      language: text,
      timeZone: text,
      name: text,
      email: text,
      phone: text,
    })
    .meta({ title: 'CustomerInput' }),
}

export type TopicName = keyof typeof MESSAGES
export const TOPIC_NAMES = Object.keys(MESSAGES) as TopicName[]

/** The JSON Schema of what may be sent to a topic. */
export const jsonSchemaOf = (topic: TopicName) => z.toJSONSchema(MESSAGES[topic], { io: 'input' })
