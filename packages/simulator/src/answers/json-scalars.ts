import { type JsonSchema, numberOf } from "./json-schema.ts"

const WORDS_PER_STRING = 6
/** Nobody means a longer one, and the machine could not make any length that a schema can name. */
const MAX_STRING = 100_000

/** A string within the schema's format and lengths, made of up to six of `words`; `made` says where to begin. */
export function sampleString(schema: JsonSchema, words: readonly string[], made: number): string {
  const formatted = sampleFormat(schema.format, made)
  if (formatted !== undefined) return formatted
  const start = words.length > 0 ? made % words.length : 0
  const text = words.slice(start, start + WORDS_PER_STRING).join(" ") || `text ${made}`
  return text.padEnd(Math.min(numberOf(schema, "minLength") ?? 0, MAX_STRING), ".").slice(0, numberOf(schema, "maxLength"))
}

function sampleFormat(format: unknown, made: number): string | undefined {
  const twoDigits = String(1 + (made % 28)).padStart(2, "0")
  switch (format) {
    case "date-time":
      return `2026-01-${twoDigits}T12:00:00Z`
    case "date":
      return `2026-01-${twoDigits}`
    case "time":
      return `12:00:${twoDigits}Z`
    case "duration":
      return `PT${made}S`
    case "email":
      return `person${made}@example.com`
    case "hostname":
      return `host${made}.example.com`
    case "uri":
    case "url":
      return `https://example.com/${made}`
    case "uuid":
      return `00000000-0000-4000-8000-${made.toString(16).padStart(12, "0")}`
    case "ipv4":
      return `192.0.2.${made % 256}`
    case "ipv6":
      return `2001:db8::${(made % 0x10000).toString(16)}`
    default:
      return undefined
  }
}

interface Bounds {
  readonly low: number | undefined
  readonly high: number | undefined
}

/** A number within the schema's bounds and of its `multipleOf`; `made` varies it a little. */
export function sampleNumber(schema: JsonSchema, made: number): number {
  const integer = schema.type === "integer"
  const step = numberOf(schema, "multipleOf") ?? (integer ? 1 : 0.5)
  const { low, high } = boundsOf(schema, integer)
  const first = Math.ceil((low ?? Math.min(1, high ?? 1)) / step) * step
  const varied = first + (made % 10) * step
  if (high === undefined || varied <= high) return varied
  if (first <= high) return first
  const last = Math.floor(high / step) * step
  // No multiple of the step lies between the bounds: only a schema without multipleOf can still be satisfied.
  return low === undefined || last >= low ? last : (low + high) / 2
}

/** Inclusive bounds: an exclusive one is moved inwards by the least that makes another number. */
function boundsOf(schema: JsonSchema, integer: boolean): Bounds {
  const inwards = (bound: number) => (integer ? 1 : Number.EPSILON * Math.max(1, Math.abs(bound)))
  const above = numberOf(schema, "exclusiveMinimum")
  const below = numberOf(schema, "exclusiveMaximum")
  return {
    low: highest(numberOf(schema, "minimum"), above === undefined ? undefined : above + inwards(above)),
    high: lowest(numberOf(schema, "maximum"), below === undefined ? undefined : below - inwards(below)),
  }
}

function highest(...bounds: (number | undefined)[]): number | undefined {
  const known = bounds.filter((bound) => bound !== undefined)
  return known.length > 0 ? Math.max(...known) : undefined
}

function lowest(...bounds: (number | undefined)[]): number | undefined {
  const known = bounds.filter((bound) => bound !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
