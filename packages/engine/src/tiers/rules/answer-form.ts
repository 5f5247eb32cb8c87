import type { Json, JsonObject, Work } from "@sluice/core"
import { z } from "zod"
import { fillTemplate, placeholdersOf } from "./fill-template.ts"

export interface Finding {
  /** For whoever asked for text. */
  readonly text: string
  /** For whoever asked for JSON, unless `json` says how that is to look. */
  readonly values: JsonObject
  readonly json: Json | undefined
}

/** What a rule has found, as a route of this kind writes answers down. */
export function asAnswer(work: Work, { text, values, json: template }: Finding): Json | null {
  const json = template === undefined ? values : fillTemplate(template, values)
  if (json === undefined) return null
  return work.kind === "chat" ? { text, json } : json
}

/** An option that gives the JSON of an answer the caller's own shape, with placeholders for these values. */
export function jsonTemplate(names: readonly string[]) {
  return z.json().superRefine((template, context) => {
    for (const path of placeholdersOf(template)) {
      if (names.includes(path)) continue
      const known = names.map((name) => `{{${name}}}`).join(", ")
      context.addIssue({ code: "custom", message: `{{${path}}} leads nowhere. Known: ${known}.` })
    }
  })
}
