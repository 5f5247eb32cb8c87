import { accepted, refused } from "../wire/refusal.ts"
import type { AcceptedCall, Operation } from "../wire/wire.ts"

/** What is listed where any model is served. */
const EXAMPLES = ["gpt-4o", "gpt-4o-mini", "text-embedding-3-small", "gpt-image-1"]
const CREATED_SECONDS = 1_700_000_000

/** `GET /v1/models`, or one of them if `only` names it. */
export function createModelsOperation({ only }: { only: string | null }): Operation {
  return {
    name: "models",
    accept({ models }) {
      if (only !== null && models?.includes(only) === false) return refused({ reason: "unknown_model", model: only })
      const body = only === null ? { object: "list", data: (models ?? EXAMPLES).map(describeModel) } : describeModel(only)
      return accepted(toCall(JSON.stringify(body)))
    },
  }
}

function describeModel(id: string) {
  return { id, object: "model" as const, created: CREATED_SECONDS, owned_by: "simulator" }
}

function toCall(body: string): AcceptedCall {
  return {
    model: null,
    promptTokens: 0,
    maxOutputTokens: 0,
    promptText: "",
    onFilteredPrompt: "finish",
    stream: false,
    answer: () => ({ kind: "json", body, outputTokens: 0 }),
  }
}
