import { configurationJsonSchema, type JsonObject } from "@sluice/core"
import type { RequestHandler } from "express"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"

/** `GET /sluice.schema.json`: the JSON Schema of the configuration, for editors. It is made once, when it is first asked for. */
export function configurationSchemaHandler(): RequestHandler {
  let body: JsonObject | undefined
  return function handleConfigurationSchema(request, response) {
    assertNoQuery(request.url)
    body ??= configurationJsonSchema()
    response.setHeader("Cache-Control", "public, max-age=3600")
    sendJson(response, { status: 200, body, contentType: "application/schema+json" })
  }
}
