import { payloads } from '../support/payloads.ts'
import { hostileTexts } from './injection.ts'

hostileTexts(payloads())
