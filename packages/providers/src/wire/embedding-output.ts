import type { GeneratedOutput } from "@sluice/core"
import { z } from "zod"
import { CallError } from "./call-error.ts"

/** Checked by hand: a schema for each of a million numbers would hold up everything else. */
export const vector = z.custom<number[]>(isVector, "expected a list of numbers")

function isVector(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((component) => typeof component === "number")
}

/**
 * The output of an embedding, one vector for each text in the same order. Throws `CallError` `malformed_response` when
 * there are more or fewer, or when they differ in length.
 */
export function embeddingOutputOf(embeddings: number[][], expected: number): Extract<GeneratedOutput, { kind: "embedding" }> {
  const dimensions = embeddings[0]?.length ?? 0
  if (embeddings.length !== expected) {
    throw new CallError({ type: "malformed_response", message: `the answer has ${embeddings.length} embeddings for ${expected} texts.` })
  }
  if (dimensions === 0 || embeddings.some(({ length }) => length !== dimensions)) {
    throw new CallError({ type: "malformed_response", message: "the answer's embeddings differ in length." })
  }
  return { kind: "embedding", output: { embeddings, dimensions } }
}
