import type { Json } from "@sluice/core"
import { childOf } from "./json-pointer.ts"

/** What placeholders can stand for. */
export interface TemplateValues {
  readonly input: Json
  readonly model: string
}

/** `{{input}}`, `{{input.a.0.b}}`, `{{model}}`. Other double braces are text. */
const placeholder = /\{\{\s*(model|input(?:\.[^{}\s]+)?)\s*\}\}/g
const wholePlaceholder = new RegExp(`^${placeholder.source}$`)

/**
 * A JSON template with its placeholders filled. One that is the whole string takes the value as it is, and its member is
 * left out when there is none; one inside a longer string takes the value as text, or nothing.
 */
export function fillTemplate(template: Json, values: TemplateValues): Json | undefined {
  if (typeof template === "string") return fillString(template, values)
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, values) ?? null)
  if (typeof template !== "object" || template === null) return template
  const members = Object.entries(template).map(([name, value]) => [name, fillTemplate(value, values)] as const)
  return Object.fromEntries(members.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

function fillString(template: string, values: TemplateValues): Json | undefined {
  const only = wholePlaceholder.exec(template)?.[1]
  return only === undefined ? fillText(template, values) : lookUp(only, values)
}

/** A text with its placeholders filled; `encode` is applied to each value. */
export function fillText(template: string, values: TemplateValues, encode: (value: string) => string = String): string {
  return template.replace(placeholder, (_, name: string) => {
    const value = lookUp(name, values)
    if (value === undefined || value === null) return ""
    return encode(typeof value === "string" ? value : JSON.stringify(value))
  })
}

function lookUp(name: string, values: TemplateValues): Json | undefined {
  if (name === "model") return values.model
  const keys = name.split(".").slice(1)
  return keys.reduce<Json | undefined>(childOf, values.input)
}
