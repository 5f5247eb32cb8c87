import type { FieldError } from "@sluice/core"
import { z } from "zod"
import { fieldErrors } from "../problems/field-errors.ts"
import { validationProblem } from "../problems/validation-problem.ts"

export type QueryParameters = Readonly<Record<string, string>>

/** The parameters of an address. Throws `validation_failed` when one is given more than once: which of them should count? */
export function readQuery(url: string): QueryParameters {
  const start = url.indexOf("?")
  if (start === -1) return {}
  const parameters = new URLSearchParams(url.slice(start))
  const names = [...new Set(parameters.keys())]
  const errors = names.filter((name) => parameters.getAll(name).length > 1).map(givenTwice)
  if (errors.length > 0) throw validationProblem(errors)
  return Object.fromEntries(parameters)
}

/** Validates parameters; throws `validation_failed` with `query:NAME` for each that is unknown, empty or wrong. */
export function parseQuery<T>(schema: z.ZodType<T>, parameters: QueryParameters): T {
  const empty = Object.keys(parameters).filter((name) => parameters[name] === "")
  if (empty.length > 0) throw validationProblem(empty.map(hasNoValue))
  const result = schema.safeParse(parameters)
  if (result.success) return result.data
  const valueAt = ([name = "", index]: readonly PropertyKey[]) => given(parameters[String(name)], index)
  const pointerOf = ([name = ""]: readonly PropertyKey[]) => queryPointer(String(name))
  throw validationProblem(fieldErrors(result.error, { valueAt, pointerOf, noun: "parameter" }))
}

/** A parameter, or one item of a list with commas. */
function given(text: string | undefined, index: PropertyKey | undefined): string | undefined {
  if (typeof index !== "number") return text
  return text?.split(",").filter((item) => item !== "")[index]
}

const maxNameChars = 80

export function queryPointer(name: string): string {
  return `query:${name.length > maxNameChars ? `${name.slice(0, maxNameChars)}…` : name}`
}

function givenTwice(name: string): FieldError {
  return { pointer: queryPointer(name), code: "invalid_value", detail: "Given more than once. Give it once." }
}

function hasNoValue(name: string): FieldError {
  return { pointer: queryPointer(name), code: "required", detail: "It has no value. Give one, or leave it out." }
}

const nothing = z.strictObject({})

/** For addresses that have no parameters: throws `validation_failed` when one is given all the same. */
export function assertNoQuery(url: string): void {
  parseQuery(nothing, readQuery(url))
}
