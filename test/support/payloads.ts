import { seeded } from '../../src/random.ts'

/** What closes whatever a value might stand in. */
const BREAKS = [
  "'",
  '"',
  '`',
  "')",
  '")',
  '`)',
  "'})",
  '"})',
  '`})',
  "']",
  '}',
  ')',
  '*/',
  '\n',
  '',
  "\\'",
  '\\"',
  '\\',
  '\\\\',
]
/** The same, in the ways in which a check or a decoder may miss it. */
const DISGUISES = [
  '\\u0027',
  '\\u0060',
  '\u2019',
  '\uff07',
  '\u02bc',
  '\uff40',
  '%27',
  '&#39;',
  '\u0000',
  '\u200b',
  '\ufeff',
  '\u202e',
  '\u2028',
  '\u00a0',
  '\ud83d\ude08',
  '\ud800',
]
const STATEMENTS = [
  'RETURN 1',
  'MATCH (n) DETACH DELETE n',
  'MATCH (c:Customer) RETURN c',
  'OR 1=1',
  'OR true',
  'SET n.active = false',
  'SET n:Admin',
  'REMOVE n:Product',
  'CREATE (:Injected {id: 1})',
  'MERGE (:Injected)',
  'DROP CONSTRAINT product_id',
  'CREATE USER mallory SET PASSWORD "12345678"',
  'SHOW DATABASES',
  "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
  "LOAD CSV FROM 'http://169.254.169.254/latest' AS line RETURN line",
  'CALL dbms.listConfig() YIELD name RETURN name',
  'CALL db.labels() YIELD label RETURN label',
  "CALL apoc.load.json('http://127.0.0.1')",
  'CALL { MATCH (n) DELETE n } IN TRANSACTIONS',
  'UNION MATCH (n) RETURN n',
  'WITH 1 AS x MATCH (m) DELETE m',
  'FOREACH (x IN [1] | CREATE (:Injected))',
  'USE system',
  'EXPLAIN RETURN 1',
  'CYPHER planner=dp RETURN 1',
]
const TAILS = ['//', '/*', '--', ';', '; RETURN 1', 'RETURN {a:1', "AND ''='", '"', '`', '']
const WHOLE = [
  '$id',
  '$param0',
  '$(label)',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant as it stands
  '${process.env.JWT_SECRET}',
  '{{7*7}}',
  '#{1}',
  '<script>alert(1)</script>',
  '{"eq":"x"}',
  '{"$ne":null}',
  '[]',
  'null',
  'true',
  '-1',
  '1e999',
  'NaN',
  '__proto__',
  'constructor',
  'toString',
  'id',
  'this0',
  'Product',
  ':Product',
  'Product|Customer',
  'n.id',
  '../../etc/passwd',
  'a/b/c',
  'a|b',
  'department:GROCERY',
  '(?i).*',
  '.*',
  '%',
  '_',
  '*',
  ' ',
  '  padded  ',
  'line\nline',
  'tab\tand\rreturn',
  'x'.repeat(200),
  'x'.repeat(201),
  "'".repeat(5_000),
  '`'.repeat(199),
  '\u0000',
  'before\u0000after',
  '\u200b\u200c\u200d',
  'e\u0301'.repeat(50),
  '\u{1f469}\u200d\u{1f467}',
  '',
]

/** What is empty, long, half a character or holds control characters is refused at the edge already, and whatever stands beside it in a list. */
const isTaken = (text: string) =>
  text.trim() !== '' &&
  text.length <= 100 &&
  ![...text].some((char) => char < ' ' || /\u007f|\p{Surrogate}/u.test(char))

const ALL = 500

/**
 * Different texts that mean something to Cypher, to GraphQL, to JSON, to a shell or to a careless check: always the same 500, or some of
 * each sort of them. Those that the services refuse come last.
 */
export function payloads(count: number = ALL): string[] {
  const random = seeded(20_261)
  const one = (of: readonly string[]) => of[Math.floor(random() * of.length)]!
  const made = new Set([...WHOLE, ...BREAKS, ...DISGUISES])
  while (made.size < ALL) {
    const opening = random() < 0.7 ? one(BREAKS) : one(DISGUISES)
    made.add(`${random() < 0.5 ? 'p1' : ''}${opening} ${one(STATEMENTS)} ${one(TAILS)}`)
  }
  const all = [...[...made].filter(isTaken), ...[...made].filter((text) => !isTaken(text))]
  return all.filter((_, at) => Math.floor((at * count) / ALL) !== Math.floor(((at - 1) * count) / ALL))
}
