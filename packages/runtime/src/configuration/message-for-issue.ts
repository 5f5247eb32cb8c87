import { nearestName } from "@sluice/core"
import { z } from "zod"

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a mapping",
  record: "a mapping",
  array: "a list",
}

const units: Readonly<Record<string, string>> = { array: "item", string: "character" }

const longestShown = 40

function describe(input: unknown): string {
  if (typeof input === "string") return "text"
  if (Array.isArray(input)) return "a list"
  return typeof input === "object" ? "a mapping" : String(input)
}

function wrongType(expected: string, input: unknown): string {
  const wanted = kinds[expected] ?? expected
  if (input === undefined) return `Missing. Expected ${wanted}.`
  if (input === null) return `Nothing stands here. Expected ${wanted}.`
  return `Expected ${wanted}, got ${describe(input)}.${remedy(expected, input)}`
}

/** How what stands there becomes what is expected, where it is plain. */
function remedy(expected: string, input: unknown): string {
  if (expected === "string") return typeof input === "object" ? "" : " Put it in quotes."
  if (expected === "array") return typeof input === "object" ? " Begin each entry with a dash (-)." : " Put it in brackets: [ ]."
  const isMapping = expected === "object" || expected === "record"
  return isMapping && Array.isArray(input) ? " Give each entry a name in place of its dash." : ""
}

/** The unit stands in the name, not in the value. */
function unitOf(path: readonly PropertyKey[] = []): string {
  return /Ms$/.test(String(path.at(-1))) ? " It is in milliseconds: 30 s are 30000." : ""
}

function outOfBounds(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig>): string {
  const isSmall = issue.code === "too_small"
  const bound = Number(isSmall ? issue.minimum : issue.maximum)
  const relation = isSmall ? (issue.inclusive ? "at least" : "more than") : issue.inclusive ? "at most" : "less than"
  const unit = units[issue.origin]
  return `Expected ${relation} ${bound}${unit === undefined ? "" : ` ${unit}${bound === 1 ? "" : "s"}`}.`
}

/** Says what would be right; shows the value itself only where it looks like a misspelt name, or names are expected: elsewhere it may be a secret. */
export function wrongChoice(choices: readonly unknown[], input: unknown): string {
  const names = choices.map(String)
  const list = names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`
  if (input === undefined) return `Missing. Expected ${list}.`
  if (typeof input !== "string" || input.length > longestShown) return `Expected ${list}.`
  const nearest = nearestName(input, names)
  if (names.length < 2 && nearest === null) return `Expected ${list}.`
  return `Expected ${list}, got "${input}".${nearest === null ? "" : ` Did you mean ${nearest}?`}`
}

function discriminatorOf(input: unknown, discriminator: string): unknown {
  return typeof input === "object" && input !== null ? Object.getOwnPropertyDescriptor(input, discriminator)?.value : undefined
}

/** Words for what zod found, where its own would not help the person who wrote the file. Undefined: zod's are good enough. */
export function messageForIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, issue.input) + (typeof issue.input === "string" ? unitOf(issue.path) : "")
    case "invalid_value":
      return wrongChoice(issue.values, issue.input)
    case "too_small":
    case "too_big":
      return outOfBounds(issue)
    case "invalid_union":
      if (issue.discriminator === undefined || !Array.isArray(issue.options)) return "This fits none of the forms that are possible here."
      return wrongChoice(issue.options, discriminatorOf(issue.input, issue.discriminator))
    default:
      return undefined
  }
}

/** The names that a strict mapping takes. */
export function knownNames(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum) return schema.keyType.options.map(String)
  return []
}
