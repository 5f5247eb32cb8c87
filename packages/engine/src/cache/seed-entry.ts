import { type CacheableOutput, type CacheEntry, type Clock, type Json, parseWork, type RouteConfig, type Work } from "@sluice/core"
import { ZodError, z } from "zod"
import { InvalidSchemaError, type SchemaCache } from "../structure/schema-cache.ts"
import { isCaching } from "./answer-cache-context.ts"
import { fitOutput } from "./output/fit-output.ts"
import { shapeOutput } from "./output/shape-output.ts"
import { compare, keepForMs } from "./remember-answer.ts"
import { requestKeyOf } from "./request-key.ts"
import type { SimilarityOf } from "./similarity/similarities.ts"

export interface SeedEntryDependencies {
  readonly clock: Clock
  readonly schemas: SchemaCache
  readonly similarityOf: SimilarityOf
  readonly routes: () => Readonly<Record<string, RouteConfig>>
}

export interface SeedLine {
  readonly tenantId: string
  /** A JSON object `{route, input, output, cacheKey?}`. */
  readonly text: string
  /** Default 7 days. */
  readonly keepMs?: number
  readonly signal: AbortSignal
}

/** What is wrong with a line, for whoever wrote it. */
export class SeedLineError extends Error {
  constructor(message: string) {
    super(message)
    this.name = "SeedLineError"
  }
}

/** A line is JSON already, so that only a missing member can be wrong. */
const anyJson = z.custom<Json>((value) => value !== undefined, { error: "is missing" })

const seed = z.strictObject({
  route: z.string({ error: "is missing, or no text" }),
  input: anyJson,
  output: anyJson,
  cacheKey: z.string().min(1).max(256).nullish(),
})

const seeded = { tier: "cache", endpoint: null, provider: null, model: null, region: null } as const

/** The entry that a line describes. Rejects with `SeedLineError` when it describes none, and with the signal's reason. */
export async function seedEntryOf(dependencies: SeedEntryDependencies, seedLine: SeedLine): Promise<CacheEntry> {
  const { route: name, input, output, cacheKey } = parsed(seedLine.text)
  const route = routeNamed(dependencies.routes(), name)
  const work = workOf(route, input)
  const storedAt = dependencies.clock()
  const after = (ms: number) => new Date(storedAt.getTime() + ms)
  const keepMs = seedLine.keepMs ?? keepForMs
  return {
    tenantId: seedLine.tenantId,
    route: name,
    requestKey: requestKeyOf(work),
    cacheKey: cacheKey ?? null,
    jobId: null,
    ...(await comparisonOf(dependencies, { route, work, signal: seedLine.signal })),
    output: outputOf(dependencies, work, output),
    origin: { served: seeded, quality: "full" },
    storedAt,
    freshUntil: after(Math.min(keepMs, route.cache?.exact?.ttlMs ?? 0)),
    keepUntil: after(keepMs),
  }
}

function parsed(text: string): z.infer<typeof seed> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new SeedLineError(`This is not JSON: ${error instanceof Error ? error.message : String(error)}.`)
  }
  const { data, error } = seed.safeParse(value)
  if (error) throw new SeedLineError(`Expected {"route", "input", "output", "cacheKey"?}. ${describe(error)}`)
  return data
}

function routeNamed(routes: Readonly<Record<string, RouteConfig>>, name: string): RouteConfig {
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined
  if (!route) throw new SeedLineError(`There is no route "${name}". Known: ${Object.keys(routes).join(", ") || "none"}.`)
  if (route.kind === "image") throw new SeedLineError(`Route "${name}" makes images, which are not kept.`)
  if (!isCaching(route)) throw new SeedLineError(`Route "${name}" keeps no answers. Give it \`cache\`, or a tier of that name.`)
  return route
}

function workOf(route: RouteConfig, input: Json): Work {
  try {
    return parseWork(route.kind, input)
  } catch (error) {
    if (!(error instanceof ZodError)) throw error
    throw new SeedLineError(`\`input\` is none of a ${route.kind} route. ${describe(error)}`)
  }
}

function outputOf({ schemas }: SeedEntryDependencies, work: Work, value: Json): CacheableOutput {
  try {
    for (const output of shapeOutput(work, value)) {
      const fitted = output.kind === "image" ? null : fitOutput({ schemas, work, output })
      if (fitted) return fitted.output
    }
  } catch (error) {
    if (!(error instanceof InvalidSchemaError)) throw error
    throw new SeedLineError(`\`input\` asks for a JSON Schema that is none: ${error.message}.`)
  }
  throw new SeedLineError(noAnswer)
}

const noAnswer = "`output` is no answer to this `input`: it must have the form of the route's kind, and satisfy the response format."

async function comparisonOf(
  dependencies: SeedEntryDependencies,
  { route, work, signal }: { readonly route: RouteConfig; readonly work: Work; readonly signal: AbortSignal },
) {
  const config = route.cache?.similar
  if (!config) return { scope: null, vector: null }
  try {
    return await compare(dependencies, { work, config, signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new SeedLineError(`Its prompt cannot be compared with others: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function describe({ issues }: ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length > 0 ? `\`${path.join(".")}\`: ${message}.` : `${message}.`))
    .join(" ")
}
