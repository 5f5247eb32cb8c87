import type { CacheableOutput, CacheOrigin, ChatOutput, GeneratedOutput, Provenance } from "@sluice/core"

export interface WorthKeeping {
  readonly output: CacheableOutput
  readonly quality: CacheOrigin["quality"]
}

/**
 * What is kept: an answer that a model gave to this very request, to its end. So nothing that came from a rule, a cache or the
 * configuration; nothing cut, filtered or empty; no call of a tool, since what came of it was part of another conversation;
 * nothing that fails its schema; and no images, since their bytes go with their job.
 */
export function worthKeeping(generated: GeneratedOutput, provenance: Provenance): WorthKeeping | null {
  const { quality, cache, schemaValid } = provenance
  if (quality !== "full" && quality !== "reduced") return null
  if (cache !== null || schemaValid === false || generated.kind === "image") return null
  if (generated.kind === "chat" && !isComplete(generated.output)) return null
  return { output: generated, quality }
}

function isComplete({ text, toolCalls, finishReason }: ChatOutput): boolean {
  return finishReason === "stop" && toolCalls.length === 0 && text.trim() !== ""
}
