import { isObject } from "@sluice/core"
import type { z } from "zod"
import { bodyProblem } from "../../problems/body-problem.ts"
import { unsupportedParameter } from "../errors/openai-error.ts"

/** A parameter of OpenAI's that cannot be honoured here, but for values that ask for nothing. */
export interface Refusal {
  readonly isHarmless: (value: unknown) => boolean
  /** Why, and what to do instead. */
  readonly because: string
}

export type Refusals = Readonly<Record<string, Refusal>>

/** A refusal of everything but null and these values. */
export function refusal(because: string, ...harmless: readonly unknown[]): Refusal {
  return { because, isHarmless: (value) => value === null || value === undefined || harmless.includes(value) }
}

/**
 * The body as its schema has it. Throws for what is refused, each with the name of the parameter; what a schema does not know is an
 * error as well, so that nothing is ever dropped without a word.
 */
export function parseRequest<T>(schema: z.ZodType<T>, { body, refusals }: { readonly body: unknown; readonly refusals: Refusals }): T {
  const rest = isObject(body) ? withoutRefused(body, refusals) : body
  const parsed = schema.safeParse(rest)
  if (!parsed.success) throw bodyProblem(parsed.error, { body: rest })
  return parsed.data
}

function withoutRefused(body: Record<string, unknown>, refusals: Refusals): Record<string, unknown> {
  for (const [name, { isHarmless, because }] of Object.entries(refusals)) {
    if (Object.hasOwn(body, name) && !isHarmless(body[name])) throw unsupportedParameter(name, `${name} is not supported here: ${because}`)
  }
  return Object.fromEntries(Object.entries(body).filter(([name]) => !Object.hasOwn(refusals, name)))
}
