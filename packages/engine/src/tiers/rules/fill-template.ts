import type { Json } from "@sluice/core"

/** `{{a.b.0}}`: letters, digits, dots, dashes and underscores within double braces. Other double braces are text. */
const placeholder = /\{\{\s*([\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*)\s*\}\}/gu
const wholePlaceholder = new RegExp(`^${placeholder.source}$`, "u")

/** The names of the placeholders in a template, at any depth. */
export function placeholdersOf(template: Json): readonly string[] {
  if (typeof template === "string") return Array.from(template.matchAll(placeholder), ([, path]) => path ?? "")
  return typeof template === "object" && template !== null ? Object.values(template).flatMap(placeholdersOf) : []
}

/**
 * A JSON template with its placeholders filled. One that is the whole string takes the value as it is; one inside a longer string
 * takes it as text. Undefined when one of them leads to nothing, or to null: half a sentence is no answer. What is filled in is
 * not filled again.
 */
export function fillTemplate(template: Json, values: Json): Json | undefined {
  if (typeof template === "string") return fillString(template, values)
  if (Array.isArray(template)) return allOrNone(template.map((part) => fillTemplate(part, values)))
  if (typeof template !== "object" || template === null) return template
  const filled = allOrNone(Object.values(template).map((part) => fillTemplate(part, values)))
  return filled && Object.fromEntries(Object.keys(template).map((name, index) => [name, filled[index] ?? null]))
}

function fillString(template: string, values: Json): Json | undefined {
  const only = wholePlaceholder.exec(template)?.[1]
  if (only !== undefined) return lookUp(only, values)
  const found = allOrNone(placeholdersOf(template).map((path) => lookUp(path, values)))
  return found && template.replace(placeholder, () => asText(found.shift()))
}

function allOrNone(values: readonly (Json | undefined)[]): Json[] | undefined {
  const present = values.filter((value) => value !== undefined)
  return present.length === values.length ? present : undefined
}

function asText(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value)
}

function lookUp(path: string, values: Json): Json | undefined {
  return path.split(".").reduce<Json | undefined>(childOf, values) ?? undefined
}

/** Own members only: `constructor` is nobody's data. */
function childOf(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? value[key] : undefined
}
