import type { Json, JsonObject, Kind, Metadata, Work } from "@sluice/core"
import type { z } from "zod"

export interface RuleRequest {
  readonly work: Work
  readonly metadata: Metadata
  readonly task: string | null
}

/** A way to answer without a model. */
export interface Rule {
  readonly name: string
  /** The kinds of route that it can answer. */
  readonly kinds: readonly Kind[]
  /** What is wrong with the options that the configuration gives it. */
  faultsOf(options: JsonObject): readonly OptionFault[]
  /**
   * What it has to say, as one writes it down for that kind of route: for a chat a text, `{text, json}` or JSON. Null when it has
   * no answer. Pure, and done within milliseconds whatever the input.
   */
  answer(request: RuleRequest, options: JsonObject): Json | null
}

export interface OptionFault {
  /** Within the options. */
  readonly path: readonly PropertyKey[]
  readonly message: string
}

export interface RuleDefinition<Options extends z.ZodType> {
  readonly name: string
  readonly kinds: readonly Kind[]
  readonly options: Options
  answer(request: RuleRequest, options: z.output<Options>): Json | null
}

/** A rule from its parts: a name, the kinds, a schema of its options, and a function. */
export function defineRule<Options extends z.ZodType>({ name, kinds, options: schema, answer }: RuleDefinition<Options>): Rule {
  return {
    name,
    kinds,
    faultsOf: (options) => schema.safeParse(options).error?.issues.map(({ path, message }) => ({ path, message })) ?? [],
    answer(request, options) {
      const { data, success } = schema.safeParse(options)
      return success ? answer(request, data) : null
    },
  }
}
