import type { JsonObject } from "@sluice/core"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"

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

/** JSON Schemas (2020-12) as callers give them, compiled once; the one compiled longest ago is dropped first. */
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

function compile(schema: JsonObject): ValidateFunction {
  // Each schema gets an Ajv of its own, or two callers' `$id`s would clash.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false })
  try {
    return ajv.compile(schema)
  } catch (error) {
    throw new InvalidSchemaError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
