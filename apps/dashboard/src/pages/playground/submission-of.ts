import type { CacheUse, Fallback, Json, Kind, Priority, SubmitRequest } from "@sluice/core"

export const fallbacks: readonly Fallback[] = ["none", "provider", "any"]
export const cacheUses: readonly CacheUse[] = ["use", "refresh", "off"]

export interface PlaygroundForm {
  readonly route: string
  /** How the input is given: as a prompt, or as JSON, which fits every kind of route. */
  readonly mode: "prompt" | "json"
  readonly system: string
  readonly prompt: string
  readonly json: string
  readonly priority: Priority
  /** Empty: what the route says. */
  readonly fallback: Fallback | ""
  readonly cache: CacheUse
}

export const emptyForm: PlaygroundForm = {
  route: "",
  mode: "prompt",
  system: "",
  prompt: "",
  json: '{\n  "messages": [{ "role": "user", "content": "Say hello" }]\n}',
  priority: "interactive",
  fallback: "",
  cache: "use",
}

export type SubmissionOf = { readonly request: SubmitRequest; readonly error: null } | { readonly request: null; readonly error: string }

/** The job that the form describes, as it would be sent, or what it lacks. */
export function submissionOf(form: PlaygroundForm, kind: Kind): SubmissionOf {
  if (form.route === "") return lacks("Choose a route.")
  const input = form.mode === "json" ? parsed(form.json) : inputOf(form, kind)
  if (input === undefined) return lacks(form.mode === "json" ? "The input is not valid JSON." : "Write a prompt.")
  const options = {
    priority: form.priority,
    ...(form.fallback !== "" && { fallback: form.fallback }),
    ...(form.cache !== "use" && { cache: form.cache }),
  }
  return { request: { route: form.route, input, options }, error: null }
}

function lacks(error: string): SubmissionOf {
  return { request: null, error }
}

function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

/** Undefined: there is no prompt. */
function inputOf({ system, prompt }: PlaygroundForm, kind: Kind): Json | undefined {
  if (prompt.trim() === "") return undefined
  switch (kind) {
    case "chat": {
      const asked = { role: "user", content: prompt }
      return { messages: system.trim() === "" ? [asked] : [{ role: "system", content: system }, asked] }
    }
    case "embedding":
      return { texts: prompt.split("\n").filter((line) => line.trim() !== "") }
    case "image":
      return { prompt }
    case "custom":
      return parsed(prompt)
  }
}
