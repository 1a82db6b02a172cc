import { Ctx, Query, Resolver } from 'type-graphql'
import type { Context } from '../context.ts'
import { permissionsOf } from './rules.ts'
import { ViewerType } from './viewer.type.ts'

@Resolver()
export class ViewerResolver {
  @Query(() => ViewerType)
  me(@Ctx() { viewer }: Context): ViewerType {
    const { subject, role, customer } = viewer!
    return { subject, role, customer, permissions: permissionsOf(role) }
  }
}
