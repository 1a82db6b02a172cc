import { type Logger, pino } from 'pino'

export type { Logger }

/** JSON lines. Nothing about a person is ever logged: no ids of customers, no variables of operations. */
export const createLogger = (level: string): Logger =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime })
