/** Of an export: as many kinds of pieces as there are kinds of traces. */
export { GraphQLJSON as CustomerExport } from 'graphql-scalars'
