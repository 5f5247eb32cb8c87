import { configurationJsonSchema } from "@sluice/core"
import type { RequestHandler } from "express"
import { sendJson } from "../responses/send-json.ts"

/** `GET /sluice.schema.json`: the JSON Schema of the configuration, for editors. It is the same for everybody, and no secret. */
export function configurationSchemaHandler(): RequestHandler {
  const body = configurationJsonSchema()
  return function handleConfigurationSchema(_request, response) {
    response.setHeader("Cache-Control", "public, max-age=3600")
    sendJson(response, { status: 200, body, contentType: "application/schema+json" })
  }
}
