import { Language } from '../../generated/enums.ts'
import { en } from './texts/en.ts'
import { pl } from './texts/pl.ts'
import type { Texts } from './texts/texts.ts'

const TEXTS: Readonly<Record<Language, Texts>> = { EN: en, PL: pl }

export const textsIn = (language: Language): Texts => TEXTS[language]
