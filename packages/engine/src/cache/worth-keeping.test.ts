import type { GeneratedOutput, Provenance } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { chatOutput, provenanceOf } from "./testing/answer-cache-harness.ts"
import { worthKeeping } from "./worth-keeping.ts"

const call = { id: "1", name: "t", arguments: "{}" }

describe("worth keeping", () => {
  const kept: [string, GeneratedOutput, Partial<Provenance>, "full" | "reduced"][] = [
    ["a full answer", chatOutput("ok"), {}, "full"],
    ["a reduced answer", chatOutput("ok"), { quality: "reduced", degraded: true }, "reduced"],
    ["a valid answer", chatOutput("{}"), { schemaValid: true, repairs: 1 }, "full"],
    ["vectors", { kind: "embedding", output: { embeddings: [[1]], dimensions: 1 } }, {}, "full"],
    ["any JSON", { kind: "custom", output: null }, {}, "full"],
  ]
  test.each(kept)("is %s", (_what, generated, provenance, quality) => {
    expect(worthKeeping(generated, provenanceOf(provenance))).toEqual({ output: generated, quality })
  })

  const left: [string, GeneratedOutput, Partial<Provenance>][] = [
    ["what a rule said", chatOutput("ok"), { quality: "generic" }],
    ["what the stale cache said", chatOutput("ok"), { quality: "stale" }],
    ["canned text", chatOutput("ok"), { quality: "minimal" }],
    ["what came from a cache itself", chatOutput("ok"), { cache: { kind: "exact", ageMs: 1, similarity: 1 } }],
    ["what fails its schema", chatOutput("ok"), { schemaValid: false }],
    ["a cut answer", chatOutput("ok", { finishReason: "length" }), {}],
    ["a filtered answer", chatOutput("ok", { finishReason: "content_filter" }), {}],
    ["a call of a tool", chatOutput("ok", { finishReason: "tool_calls", toolCalls: [call] }), {}],
    ["a call of a tool that says it stopped", chatOutput("ok", { toolCalls: [call] }), {}],
    ["an empty answer", chatOutput(" \n"), {}],
    ["images", { kind: "image", images: [] }, {}],
  ]
  test.each(left)("is not %s", (_what, generated, provenance) => {
    expect(worthKeeping(generated, provenanceOf(provenance))).toBeNull()
  })
})
