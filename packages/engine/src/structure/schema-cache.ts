import type { JsonObject } from "@sluice/core"
import { Ajv, type ValidateFunction } from "ajv"
import { Ajv2020 } from "ajv/dist/2020.js"

const maxCompiledSchemas = 500

/** The text of the reason reaches the caller. */
export class InvalidSchemaError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = "InvalidSchemaError"
  }
}

export interface SchemaCache {
  /** Throws `InvalidSchemaError` when the schema is none, or refers to something outside itself. */
  validatorFor(schema: JsonObject): ValidateFunction
}

/** JSON Schemas as callers give them, of 2020-12 unless they say that they are of an older draft, compiled once; the one compiled longest ago is dropped first. */
export function createSchemaCache(): SchemaCache {
  const compiled = new Map<string, ValidateFunction>()
  return {
    validatorFor(schema) {
      const key = JSON.stringify(schema)
      const known = compiled.get(key)
      if (known) return known
      const oldest = compiled.size >= maxCompiledSchemas ? compiled.keys().next().value : undefined
      if (oldest !== undefined) compiled.delete(oldest)
      const validator = compile(schema)
      compiled.set(key, validator)
      return validator
    },
  }
}

const dialect = /^https?:\/\/json-schema\.org\/(?:(draft-0[467])|draft\/20(?:19-09|20-12))\/schema#?$/

function compile({ $schema, ...schema }: JsonObject): ValidateFunction {
  const declared = typeof $schema === "string" ? dialect.exec($schema) : null
  // Each schema gets an Ajv of its own, or two callers' `$id`s would clash.
  const settings = { strict: false, allErrors: true, validateFormats: false, logger: false } as const
  const ajv = declared?.[1] === undefined ? new Ajv2020(settings) : new Ajv(settings)
  try {
    // What is not known is left in, for Ajv to say so.
    return ajv.compile($schema === undefined || declared ? schema : { $schema, ...schema })
  } catch (error) {
    throw new InvalidSchemaError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
