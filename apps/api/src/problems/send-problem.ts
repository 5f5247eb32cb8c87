import { type ProblemDocument, problems } from "@sluice/core"
import type { Request, Response } from "express"
import { sendJson } from "../responses/send-json.ts"
import type { Problem } from "./problem.ts"

const maxInstanceChars = 256

export function sendProblem(request: Request, response: Response, problem: Problem): void {
  // A handler may have named the answer that it then could not give.
  response.removeHeader("ETag")
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value)
  response.setHeader("Cache-Control", "no-store")
  sendJson(response, { status: problem.status, contentType: "application/problem+json", body: problemDocument(request, response, problem) })
}

function problemDocument(request: Request, response: Response, problem: Problem): ProblemDocument {
  const { title, status, retryable } = problems[problem.code]
  return {
    type: `/problems/${problem.code}`,
    code: problem.code,
    title,
    status,
    detail: problem.message,
    instance: (request.originalUrl.split("?", 1)[0] ?? "").slice(0, maxInstanceChars),
    requestId: response.locals.requestId,
    retryable,
    errors: [...problem.errors],
  }
}
