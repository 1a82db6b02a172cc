import { Language } from '../../../generated/enums.ts'
import { en } from './en.ts'
import { pl } from './pl.ts'
import type { Texts } from './texts.ts'

const TEXTS: Readonly<Record<Language, Texts>> = { EN: en, PL: pl }

export const textsIn = (language: Language): Texts => TEXTS[language]
