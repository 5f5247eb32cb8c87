import type { z } from "zod"

/** What is wrong with a request body, in no provider's words. */
export interface RequestIssue {
  readonly path: readonly (string | number)[]
  readonly fault:
    | { readonly kind: "missing" }
    | { readonly kind: "unknown" }
    | { readonly kind: "type"; readonly expected: string; readonly received: string }
    | { readonly kind: "value"; readonly received: unknown; readonly options: readonly string[] }
    | { readonly kind: "too_small"; readonly minimum: number; readonly of: "number" | "items" | "characters"; readonly received: unknown }
    | { readonly kind: "too_big"; readonly maximum: number; readonly of: "number" | "items" | "characters"; readonly received: unknown }
    /** A rule between fields or about a format, with the provider's own sentence and code. */
    | { readonly kind: "rule"; readonly message: string; readonly code: string | null }
}

type ZodIssue = z.core.$ZodIssue

/** The first thing that is wrong with `body`, as one provider would report it. */
export function describeIssue(issues: readonly ZodIssue[], body: unknown): RequestIssue {
  const [first] = issues
  if (first === undefined) return { path: [], fault: { kind: "rule", message: "The request is not valid.", code: null } }
  return toIssue(first, [], body)
}

function toIssue(issue: ZodIssue, prefix: readonly PropertyKey[], body: unknown): RequestIssue {
  const fullPath = [...prefix, ...issue.path]
  const inner = issue.code === "invalid_union" ? deepestIssue(issue.errors) : undefined
  if (inner !== undefined && inner.path.length > 0) return toIssue(inner, fullPath, body)
  const path = fullPath.filter((key) => typeof key !== "symbol")
  const received = valueAt(body, path)
  if (received === undefined && path.length > 0 && issue.code !== "unrecognized_keys") return { path, fault: { kind: "missing" } }
  if (issue.code === "unrecognized_keys") return { path: [...path, ...issue.keys.slice(0, 1)], fault: { kind: "unknown" } }
  return { path, fault: toFault(issue, received) }
}

function toFault(issue: ZodIssue, received: unknown): RequestIssue["fault"] {
  switch (issue.code) {
    case "invalid_type":
      return { kind: "type", expected: issue.expected, received: typeName(received) }
    case "invalid_value":
      return { kind: "value", received, options: issue.values.map(String) }
    case "invalid_union":
      return unionFault(issue, received)
    case "too_small":
      return { kind: "too_small", minimum: Number(issue.minimum), of: measured(issue.origin), received }
    case "too_big":
      return { kind: "too_big", maximum: Number(issue.maximum), of: measured(issue.origin), received }
    case "custom":
      return { kind: "rule", message: issue.message, code: codeParameter(issue.params) }
    default:
      return { kind: "rule", message: issue.message, code: "invalid_value" }
  }
}

function unionFault(issue: Extract<ZodIssue, { code: "invalid_union" }>, received: unknown): RequestIssue["fault"] {
  if ("options" in issue && Array.isArray(issue.options)) return { kind: "value", received, options: issue.options.map(String) }
  const expected = issue.errors.flat().flatMap((inner) => (inner.code === "invalid_type" ? [inner.expected] : []))
  return { kind: "type", expected: [...new Set(expected)].join(" or ") || "another value", received: typeName(received) }
}

/** Of all that the branches of a union say, what one of them says deepest inside: that branch was meant. */
function deepestIssue(branches: readonly (readonly ZodIssue[])[]): ZodIssue | undefined {
  return branches
    .flat()
    .reduce<ZodIssue | undefined>((deepest, issue) => (issue.path.length > (deepest?.path.length ?? -1) ? issue : deepest), undefined)
}

function measured(origin: string): "number" | "items" | "characters" {
  if (origin === "string") return "characters"
  return origin === "array" ? "items" : "number"
}

function codeParameter(params: Record<string, unknown> | undefined): string | null {
  const code = params?.code
  return typeof code === "string" ? code : null
}

export function typeName(value: unknown): string {
  if (value === null) return "null"
  if (Array.isArray(value)) return "array"
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "decimal"
  return typeof value
}

function valueAt(body: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined), body)
}
