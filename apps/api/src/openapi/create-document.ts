import { type Operation, operations, tags } from "@sluice/core/operations"
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi"
import { describeOperation } from "./describe-operation.ts"
import { introduction } from "./introduction.ts"
import { createProblemResponses } from "./problem-responses.ts"
import { webhooks } from "./webhooks.ts"

/** Of the wire, not of the product: what a client is written for. */
const wireVersion = "1"

export type OpenapiDocument = ReturnType<typeof createDocument>

/** The description of the API as OpenAPI 3.1, made of the schemas that requests are validated with. */
export function createOpenapiDocument(): OpenapiDocument {
  return createDocument(
    {
      openapi: "3.1.1",
      info: {
        title: "Sluice",
        version: wireVersion,
        summary: "Asynchronous inference",
        description: introduction,
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/", description: "This installation" }],
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      security: [{ apiKey: [] }],
      paths: pathsOf(operations),
      webhooks,
      components: {
        securitySchemes: {
          apiKey: {
            type: "http",
            scheme: "bearer",
            description: "`Authorization: Bearer sk_...`. What the key must hold stands at each call.",
          },
        },
      },
    },
    { allowEmptySchema: { custom: true }, override: ({ jsonSchema }) => leaveOutDatePattern(jsonSchema) },
  )
}

function pathsOf(all: readonly Operation[]): ZodOpenApiPathsObject {
  const problemResponses = createProblemResponses()
  const paths: Record<string, ZodOpenApiPathsObject[`/${string}`]> = {}
  for (const operation of all) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describeOperation(operation, problemResponses) }
  }
  return paths
}

/** Zod's pattern for `format: date-time` is 300 characters that say nothing more. */
function leaveOutDatePattern(schema: { format?: string; pattern?: string }): void {
  if (schema.format === "date-time") delete schema.pattern
}
