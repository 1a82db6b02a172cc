import { Language } from './generated/enums.ts'

const MAX_LENGTH = 1_000

/**
 * What Accept-Language prefers of the languages there are: `pl-PL, en;q=0.8` is Polish. English where it names none of them, or is no
 * such header.
 */
export function languageOf(acceptLanguage: unknown): Language {
  if (typeof acceptLanguage !== 'string' || acceptLanguage.length > MAX_LENGTH) return Language.EN
  const ranges = acceptLanguage.split(',').map((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const weight = parameters.find((one) => one.startsWith('q='))
    return { language: tag.split('-')[0]!.toUpperCase(), quality: weight ? Number(weight.slice(2)) : 1 }
  })
  const wanted = ranges.filter(({ language, quality }) => language in Language && quality > 0)
  const [best] = wanted.sort((a, b) => b.quality - a.quality)
  return (best?.language as Language | undefined) ?? Language.EN
}
