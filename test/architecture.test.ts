import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../src/root.ts'

/** The table of CONTRIBUTING.md ("The rooms, and what each may import"), held against every import of src/. */

const SRC = path.join(PROJECT_ROOT, 'src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('generated/'))
  .map((file) => file.split(path.sep).join('/'))

const source = (file: string) => readFileSync(path.join(SRC, file), 'utf8')

/** Imported modules: packages by name, our own files by their path below src/. Types alone count too. */
function importsOf(file: string): string[] {
  return [...source(file).matchAll(/(?<![\w'])(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map(([, module]) =>
    module!.startsWith('.') ? path.posix.join(path.posix.dirname(file), module!) : module!,
  )
}
const offenders = (of: (file: string) => boolean, forbidden: (module: string, file: string) => boolean) =>
  files.filter(of).flatMap((file) =>
    importsOf(file)
      .filter((module) => forbidden(module, file))
      .map((module) => `${file} imports ${module}`),
  )

const isService = (file: string) => /\.service\.ts$/.test(file)
const isResolver = (file: string) => /\.resolver\.ts$/.test(file)

describe('The rooms', () => {
  it('has something to look at', () => {
    expect(files.length).toBeGreaterThan(30)
    expect(importsOf('modules/order/order.service.ts')).toContain('graph/query.ts')
  })

  it('lets a resolver know its own type and service, the context and type-graphql', () => {
    const allowed =
      /^(type-graphql|context\.ts|generated\/enums\.ts|graph\/date-time\.ts|auth\/(rules|viewer\.type)\.ts)$/
    const own = (module: string, file: string) => path.posix.dirname(module) === path.posix.dirname(file)
    expect(offenders(isResolver, (module, file) => !allowed.test(module) && !own(module, file))).toEqual([])
  })

  it('keeps services free of GraphQL, Redis and the driver', () => {
    const forbidden = /^(graphql|type-graphql|@apollo\/server|ioredis|neo4j-driver|express|ws|graphql-ws)(\/|$)/
    expect(offenders(isService, (module) => forbidden.test(module))).toEqual([])
  })

  it('lets a service reach another module by its service only', () => {
    const foreign = (module: string, file: string) =>
      /^modules\//.test(module) && path.posix.dirname(module) !== path.posix.dirname(file) && !isService(module)
    expect(offenders((file) => file.startsWith('modules/') && isService(file), foreign)).toEqual([])
  })

  it.each([
    ['ioredis', /^redis\//],
    ['pino', /^observability\//],
    ['prom-client', /^observability\//],
    ['jose', /^auth\//],
    ['@platformatic/kafka', /^(ingest\/kafka|embedded)\//],
    ['@neo4j/graphql', /^schema\.ts$/],
    ['graphql-shield', /^auth\//],
  ])('imports %s in one room only', (name, room) => {
    expect(
      offenders(
        (file) => !room.test(file),
        (module) => module === name,
      ),
    ).toEqual([])
  })

  it('imports the driver in graph/ and embedded/; elsewhere as a type at most', () => {
    const values = files.filter(
      (file) => !/^(graph|embedded)\//.test(file) && /^import (?!type )[^\n]*'neo4j-driver'/m.test(source(file)),
    )
    expect(values).toEqual([])
  })

  it('keeps graph, redis, events and embedded from knowing the modules and the server', () => {
    const room = /^(graph|redis|events|embedded)\//
    // The code generator's loader is a tool: it builds the whole schema to print it.
    const above = (module: string) => /^(modules|server\.ts|app\.ts|schema\.ts|auth)/.test(module)
    expect(offenders((file) => room.test(file) && file !== 'graph/codegen-loader.ts', above)).toEqual([])
  })

  it('lets the access review know the graph and the roles only', () => {
    const allowed = /^(access\/.*|auth\/(permissions|rules|table|viewer)\.ts|graph\/query\.ts|graphql)$/
    expect(
      offenders(
        (file) => file.startsWith('access/'),
        (module) => !allowed.test(module),
      ),
    ).toEqual([])
  })

  it('lets pii know nothing but node:crypto', () => {
    const inRoom = (file: string) => file.startsWith('pii/')
    expect(offenders(inRoom, (module) => !/^(pii\/.*|node:crypto)$/.test(module))).toEqual([])
  })

  it('lets the evaluation know arrays and files only', () => {
    const allowed =
      /^(evaluation\/.*|random\.ts|engine\/.*|modules\/model\/parameters\.ts|modules\/recommendation\/.*|ingest\/csv\.ts|modules\/catalog\/merchandise\.ts|node:.*)$/
    expect(
      offenders(
        (file) => file.startsWith('evaluation/'),
        (module) => !allowed.test(module),
      ),
    ).toEqual([])
  })

  it('lets verify know the graph and its own statements only: it shares nothing with what it verifies', () => {
    const inRoom = (file: string) => file.startsWith('verify/')
    const allowed = /^(verify\/.*|random\.ts|graph\/(query|pages)\.ts|modules\/model\/parameters\.ts)$/
    expect(offenders(inRoom, (module) => !allowed.test(module))).toEqual([])
    // Of the parameters only what they are called.
    expect(files.filter((file) => inRoom(file) && /^import (?!type )[^\n]*parameters/m.test(source(file)))).toEqual([])
    const asked = (file: string) => [...source(file).matchAll(/query\('(\w+)\//g)].map(([, folder]) => folder)
    expect(files.filter((file) => asked(file).some((folder) => (folder === 'verify') !== inRoom(file)))).toEqual([])
  })

  it('reads the environment in config.ts only, but for the tools a machine without services needs', () => {
    const readers = files.filter((file) => source(file).includes('process.env'))
    const allowed = (file: string) =>
      file === 'config.ts' || file.startsWith('embedded/') || file === 'commands/temporary.ts'
    expect(readers.filter((file) => !allowed(file) && file !== 'web.ts')).toEqual([])
  })

  it('keeps errors.ts on its own', () => {
    expect(importsOf('errors.ts')).toEqual([])
  })

  it('writes no Cypher outside cypher/', () => {
    const withCypher = files.filter((file) => /\b(MATCH|MERGE|UNWIND)\s*[({$]/.test(source(file)))
    expect(withCypher).toEqual([])
  })

  it('keeps every file a small room', () => {
    const long = files
      .map((file) => [file, source(file).split('\n').length] as const)
      .filter(([, lines]) => lines > 300)
    expect(long).toEqual([])
    const resolvers = files.filter(isResolver).filter((file) => source(file).split('\n').length > 120)
    expect(resolvers).toEqual([])
  })
})
