import type { Metadata } from "@sluice/core"

/** Filters by metadata as the query has them: `metadata.KEY=value`. */
export function metadataQuery(metadata: Metadata = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`metadata.${key}`, value]))
}
