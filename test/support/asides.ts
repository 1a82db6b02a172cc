/** Statements that the service asks by itself once in a while: who counts those of an answer leaves them out. */
export const isAside = (statement: string): boolean => /^(access|campaign|decision|events|jobs|token)\//.test(statement)
