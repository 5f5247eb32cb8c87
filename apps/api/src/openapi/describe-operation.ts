import { type Answer, type Content, etag, limitHeaders, type Operation, problemsOf } from "@sluice/core/operations"
import { z } from "zod"
import type { ZodOpenApiContentObject, ZodOpenApiOperationObject, ZodOpenApiResponseObject } from "zod-openapi"
import { answerHeaders, requestHeaders } from "./common-headers.ts"
import type { ProblemResponses } from "./problem-responses.ts"

/** One call as OpenAPI has it, with what all calls of its kind have in common. */
export function describeOperation(operation: Operation, problemResponses: ProblemResponses): ZodOpenApiOperationObject {
  const { id, tag, summary, scope, pathParameters, query, body } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: descriptionOf(operation),
    security: scope === null ? [] : [{ apiKey: [scope] }],
    requestParams: {
      ...(pathParameters && { path: pathParameters }),
      ...(query && { query }),
      header: requestHeaders(operation),
    },
    ...(body && { requestBody: { required: body.isOptional !== true, content: contentOf(body.content) } }),
    responses: { ...answersOf(operation), ...problemResponses(problemsOf(operation)) },
  }
}

function descriptionOf({ description, scope, filtersByMetadata }: Operation): string {
  const parts = [
    description,
    filtersByMetadata ? "`metadata.KEY=VALUE`, as often as needed, leaves those whose metadata has these values." : undefined,
    scope === null ? "It needs no key." : `The key needs the scope \`${scope}\`.`,
  ]
  return parts.filter((part) => part !== undefined).join("\n\n")
}

function answersOf(operation: Operation): Record<`${1 | 2 | 3 | 4 | 5}${string}`, ZodOpenApiResponseObject> {
  const answers = Object.entries(operation.answers).map(([status, answer]) => [status, answerOf(answer, operation)])
  const unchanged = {
    description: "What `If-None-Match` names is still what there is.",
    headers: answerHeaders.extend({ ...limitsOf(operation), ...etag.shape }),
  }
  return { ...Object.fromEntries(answers), ...(operation.isRevalidated && { 304: unchanged }) }
}

function answerOf({ description, headers, content }: Answer, operation: Operation): ZodOpenApiResponseObject {
  const own = headers ?? z.object({})
  const revalidated = operation.isRevalidated ? etag.shape : {}
  return {
    description,
    headers: answerHeaders.extend({ ...limitsOf(operation), ...revalidated, ...own.shape }),
    ...(content && { content: contentOf(content) }),
  }
}

/** What is asked without a key counts for nobody. */
function limitsOf({ scope }: Operation): z.ZodRawShape {
  return scope === null ? {} : limitHeaders.shape
}

function contentOf(content: Content): ZodOpenApiContentObject {
  const described = Object.entries(content).map(([type, { schema, examples }]) => {
    const shown = Object.entries(examples).map(([name, value]) => [name, { value }])
    return [type, { ...(schema && { schema }), ...(shown.length > 0 && { examples: Object.fromEntries(shown) }) }]
  })
  return Object.fromEntries(described)
}
