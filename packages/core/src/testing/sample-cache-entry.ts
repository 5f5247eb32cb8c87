import type { CacheEntry } from "../ports/result-cache.ts"

/** Far ahead, or a database that removes what is past its time would remove it in the middle of a test. */
const storedAt = new Date("2100-01-01T00:00:00.000Z")
const afterMs = (ms: number) => new Date(storedAt.getTime() + ms)

/** A chat answer that is fresh for an hour and kept for a week; `overrides` say what matters to the test. */
export function sampleCacheEntry(overrides: Partial<CacheEntry> = {}): CacheEntry {
  return {
    tenantId: "default",
    route: "chat",
    requestKey: "request-1",
    cacheKey: null,
    jobId: "job_1",
    scope: null,
    vector: null,
    output: { kind: "chat", output: { text: "ok", json: null, toolCalls: [], finishReason: "stop" } },
    origin: { served: { tier: "primary", endpoint: "a", provider: "openai", model: "m-1", region: null }, quality: "full" },
    storedAt,
    freshUntil: afterMs(3_600_000),
    keepUntil: afterMs(7 * 86_400_000),
    ...overrides,
  }
}
