import { type ProblemCode, problemDocument, problems } from "@sluice/core"
import { limitHeaders, retryAfter } from "@sluice/core/operations"
import { z } from "zod"
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from "zod-openapi"
import { answerHeaders } from "./common-headers.ts"
import { exampleProblem } from "./example-problem.ts"

/** The answers of a call that can be answered with these problems, by status. */
export type ProblemResponses = (codes: readonly ProblemCode[]) => ZodOpenApiResponsesObject

/** Calls with the same problems under a status share one answer in the document, which would be thrice as long otherwise. */
export function createProblemResponses(): ProblemResponses {
  const known = new Map<string, ZodOpenApiResponseObject>()
  const shared = (codes: readonly ProblemCode[]) => {
    const id = codes.map(pascalCase).join("Or")
    const response = known.get(id) ?? { ...describeProblems(codes), id }
    known.set(id, response)
    return response
  }
  return (codes) => {
    const byStatus = Map.groupBy(codes, (code) => problems[code].status)
    return Object.fromEntries([...byStatus].map(([status, codes]) => [status, shared(codes)]))
  }
}

function describeProblems(codes: readonly ProblemCode[]): ZodOpenApiResponseObject {
  return {
    description: codes.map((code) => `[\`${code}\`](/problems/${code}): ${problems[code].title}.`).join("\n\n"),
    headers: answerHeaders.extend(headersOf(codes.map((code) => problems[code].status))),
    content: {
      "application/problem+json": {
        schema: problemDocument,
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleProblem(code) }])),
      },
    },
  }
}

function headersOf([status]: readonly number[]): z.ZodRawShape {
  switch (status) {
    case 401:
      return {
        "WWW-Authenticate": z
          .string()
          .meta({ description: "`Bearer`, with `invalid_token` for a key that is not valid.", examples: ["Bearer"] }),
      }
    case 429:
      return { "Retry-After": retryAfter("When to try again.").unwrap(), ...limitHeaders.shape }
    case 503:
      return { "Retry-After": retryAfter("When to try again.").unwrap() }
    default:
      return {}
  }
}

function pascalCase(code: string): string {
  return code.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
}
