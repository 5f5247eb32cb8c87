import type { FieldError } from "@sluice/core"
import { jsonPointer } from "../../problems/json-pointer.ts"
import type { Problem } from "../../problems/problem.ts"
import { validationProblem } from "../../problems/validation-problem.ts"

export interface JsonBounds {
  /** How deep objects and arrays may be nested. */
  readonly maxDepth: number
  /** How many values there may be in all: validation takes time and memory for each, far more than for its bytes. */
  readonly maxValues: number
}

/**
 * Throws `validation_failed` for parsed JSON that is nested too deeply, has too many values, or numbers that a double
 * cannot hold (`1e400` parses to Infinity). Goes level by level, so that no nesting exhausts the stack.
 */
export function assertJsonBounds(root: unknown, { maxDepth, maxValues }: JsonBounds): void {
  let level: unknown[] = [root]
  let values = 1
  let hasInfinity = false
  for (let depth = 0; level.length > 0; depth += 1) {
    hasInfinity ||= level.some(isInfinite)
    const containers = level.filter(isContainer)
    if (depth === maxDepth && containers.length > 0) throw tooMuch(`Nested more than ${maxDepth} levels deep. Use a flatter structure.`)
    level = containers.flatMap((container): unknown[] => Object.values(container))
    values += level.length
    if (values > maxValues) throw tooMuch(`More than ${maxValues} values. Send less in one request.`)
  }
  if (hasInfinity) throw validationProblem([...infinities(root, [])])
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null
}

function isInfinite(value: unknown): boolean {
  return value === Infinity || value === -Infinity
}

function tooMuch(detail: string): Problem {
  return validationProblem([{ pointer: "#", code: "too_big", detail }])
}

/** Recursive: by now the depth is known to be bounded. */
function* infinities(value: unknown, path: readonly string[]): Generator<FieldError> {
  if (isInfinite(value)) {
    yield { pointer: jsonPointer(path), code: "too_big", detail: "The number is too large for a 64-bit float." }
  }
  if (!isContainer(value)) return
  for (const [key, child] of Object.entries(value)) yield* infinities(child, [...path, key])
}
