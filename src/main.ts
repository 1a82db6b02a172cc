import { loadConfig } from './config.ts'
import { serve } from './serve.ts'

/** `npm start`. */
void serve(() => ({ config: loadConfig() }))
