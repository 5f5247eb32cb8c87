import type { CacheEntry, ResultCache } from "@sluice/core"
import { type SeedEntryDependencies, type SeedLine, SeedLineError, seedEntryOf } from "./seed-entry.ts"

export interface SeedCacheDependencies extends SeedEntryDependencies {
  readonly cache: ResultCache
}

export interface SeedRequest extends Omit<SeedLine, "text"> {
  /** Each is a JSON object `{route, input, output, cacheKey?}`, or empty. */
  readonly lines: AsyncIterable<string> | Iterable<string>
}

export interface SeedError {
  /** From 1 on. */
  readonly line: number
  readonly message: string
}

export interface SeedReport {
  readonly stored: number
  readonly failed: number
  /** The first `maxErrorsTold`. */
  readonly errors: readonly SeedError[]
}

export type SeedCache = (request: SeedRequest) => Promise<SeedReport>

export const maxErrorsTold = 100
/** So many prompts are made comparable at a time. */
const together = 16

/**
 * Stores answers that were written down beforehand, as if they had been given now, and in place of those that were. They count as
 * `full`: whoever seeds vouches for them. A chat's output may be a text, `{text, json?}`, or the JSON that a response format asks
 * for. A line that is wrong is told and left out. Rejects with `StorageUnavailableError` when the database does not answer, and
 * with the signal's reason; what was stored until then stays, and seeding again changes nothing about it.
 */
export function createSeedCache(dependencies: SeedCacheDependencies): SeedCache {
  return async (request) => {
    const errors: SeedError[] = []
    let [stored, failed] = [0, 0]
    for await (const { line, wrong } of storedLines(dependencies, request)) {
      if (wrong === null) stored += 1
      else failed += 1
      if (wrong !== null && errors.length < maxErrorsTold) errors.push({ line, message: wrong })
    }
    return { stored, failed, errors }
  }
}

interface StoredLine {
  readonly line: number
  /** Null: it is stored. */
  readonly wrong: string | null
}

/** Prepares the lines a few at a time, and stores them one after the other: of two for the same request the later one stays. */
async function* storedLines(dependencies: SeedCacheDependencies, request: SeedRequest): AsyncGenerator<StoredLine> {
  for await (const batch of batchesOf(request.lines)) {
    request.signal.throwIfAborted()
    const entries = await Promise.all(batch.map(({ text }) => prepare(dependencies, { ...request, text })))
    for (const [index, entry] of entries.entries()) {
      const wrong = typeof entry === "string" ? entry : await put(dependencies.cache, entry)
      yield { line: batch[index]?.line ?? 0, wrong }
    }
  }
}

/** Lines that say something, with their numbers. */
async function* batchesOf(lines: SeedRequest["lines"]): AsyncGenerator<readonly { readonly line: number; readonly text: string }[]> {
  let line = 0
  let batch = []
  for await (const text of lines) {
    line += 1
    if (text.trim() === "") continue
    batch.push({ line, text })
    if (batch.length < together) continue
    yield batch
    batch = []
  }
  yield batch
}

/** The entry of a line, or what is wrong with the line. */
async function prepare(dependencies: SeedCacheDependencies, line: SeedLine): Promise<CacheEntry | string> {
  try {
    return await seedEntryOf(dependencies, line)
  } catch (error) {
    if (error instanceof SeedLineError) return error.message
    throw error
  }
}

/** Null when the entry is stored, else what is wrong with its line. */
async function put(cache: ResultCache, entry: CacheEntry): Promise<string | null> {
  const outcome = await cache.put(entry)
  return outcome === "stored" ? null : "`output` is larger than 1 MiB, the most that is kept."
}
