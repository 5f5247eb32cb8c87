import type { z } from "zod"
import { echoValue } from "./echo-value.ts"

type Issue = z.core.$ZodIssue
type IssueOf<C extends Issue["code"]> = Extract<Issue, { code: C }>

/** An issue in words, without what was got instead: `Expected system, user, assistant or tool`. */
export function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `Expected ${describeType(issue.expected)}`
    case "invalid_value":
      return `Expected ${alternatives(issue.values.map(plain))}`
    case "invalid_union":
      return expectationOfUnion(issue)
    case "too_small":
    case "too_big":
      return expectationOfSize(issue)
    case "invalid_format":
      return describeFormat(issue)
    case "not_multiple_of":
      return `Expected a multiple of ${issue.divisor}`
    case "invalid_key":
      return `The name is not allowed: ${issue.issues.map(expectationOf).join(", ").replace(/^E/, "e")}`
    case "unrecognized_keys":
    case "invalid_element":
    case "custom":
      return issue.message
  }
}

/** `a, b or c`. */
function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? ""
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`
}

function expectationOfUnion(issue: IssueOf<"invalid_union">): string {
  return `Expected ${alternatives([...new Set(taken(issue))])}`
}

/** Everything that would have been taken. */
function taken(issue: Issue): string[] {
  if (issue.code === "invalid_value") return issue.values.map(plain)
  if (issue.code !== "invalid_union") return [expectationOf(issue).replace(/^Expected /, "")]
  const discriminators = "options" in issue ? (issue.options ?? []) : []
  return discriminators.length > 0 ? discriminators.map(plain) : issue.errors.flatMap((branch) => branch.flatMap(taken))
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "an array",
  object: "an object",
  record: "an object",
}

function describeType(expected: string): string {
  return typeNames[expected] ?? expected
}

const units: Readonly<Record<string, string>> = { string: "character", array: "item" }

function expectationOfSize(issue: IssueOf<"too_small" | "too_big">): string {
  const isLow = issue.code === "too_small"
  const bound = Number(isLow ? issue.minimum : issue.maximum)
  const isInclusive = issue.inclusive ?? true
  const relation = isLow ? (isInclusive ? "at least" : "more than") : isInclusive ? "at most" : "less than"
  const unit = units[issue.origin]
  const counted = unit === undefined ? "" : ` ${unit}${bound === 1 ? "" : "s"}`
  return `Expected ${relation} ${bound}${counted}`
}

const formatNames: Readonly<Record<string, string>> = {
  url: "Expected a URL such as https://app.example/hooks",
  datetime: "Expected a timestamp such as 2026-11-20T18:00:00.000Z",
}

function describeFormat(issue: IssueOf<"invalid_format">): string {
  return formatNames[issue.format] ?? issue.message
}

function plain(value: z.core.util.Primitive): string {
  return typeof value === "string" ? value : echoValue(value)
}
