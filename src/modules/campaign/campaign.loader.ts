import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql'
import type { Context } from '../../context.ts'
import type { CampaignEdit, CampaignInput, FrequencyCap } from './campaign.type.ts'

type Load = (id: string, context: Context, info: GraphQLResolveInfo) => Promise<unknown>
type Resolve<Args> = GraphQLFieldResolver<unknown, Context, Args>

/** Each changes a campaign and answers with it as it is then. */
export function campaignMutations(load: Load) {
  const changing =
    <Args extends { id: string }>(change: (args: Args, context: Context) => Promise<unknown>): Resolve<Args> =>
    async (_source, args, context, info) => {
      await change(args, context)
      return load(args.id, context, info)
    }
  const create: Resolve<{ input: CampaignInput }> = async (_source, { input }, context, info) =>
    load(await context.services.campaign.create(input, context.viewer!.subject), context, info)
  return {
    createCampaign: create,
    updateCampaign: changing<{ id: string; input: CampaignInput }>(({ id, input }, { services, viewer }) =>
      services.campaign.update(id, input, viewer!.subject),
    ),
    approveCampaign: changing(({ id }, { services, viewer }) => services.campaign.approve(id, viewer!.subject)),
    scheduleCampaign: changing(({ id }, { services }) => services.campaign.schedule(id)),
    launchCampaign: changing(({ id }, { services }) => services.campaign.launch(id)),
    pauseCampaign: changing(({ id }, { services }) => services.campaign.pause(id)),
    completeCampaign: changing(({ id }, { services }) => services.campaign.complete(id)),
  }
}

/** As the driver brings them: what a resolver requires is not converted. */
type Capping = { capMax: object | null; capDays: object | null; capChannel: FrequencyCap['channel'] }
type Edited = { edit: string | null; editedAt: object | null; editedBy: string | null }
const numberOf = (whole: object | null) => Number(String(whole))

/** Fields of the node that the graph keeps in another form. */
export const campaignResolvers = {
  frequencyCap: ({ capMax, capDays, capChannel }: Capping): FrequencyCap | null =>
    capMax === null ? null : { max: numberOf(capMax), days: numberOf(capDays), channel: capChannel },
  lastEdit: ({ edit, editedAt, editedBy }: Edited): CampaignEdit | null =>
    edit === null ? null : { ...JSON.parse(edit), at: new Date(String(editedAt)).toISOString(), by: editedBy },
}
