import { jobEventsQuery } from "@sluice/core"
import { decodeCursor, type LiveCursor } from "@sluice/engine"
import type { Request } from "express"
import { headerProblem, validationProblem } from "../problems/validation-problem.ts"
import { parseQuery, queryPointer, readQuery } from "../queries/read-query.ts"

const detail = "Expected the id of an event that this stream has sent. Leave it out to begin anew."

/**
 * How far the reader of a job's events is: by its header `Last-Event-ID`, else by `?lastEventId=`, which an EventSource keeps in
 * its address though it has come further since. Null: it begins. Throws `validation_failed` for what is no id of ours.
 */
export function lastEventOf(request: Request): LiveCursor | null {
  const { lastEventId } = parseQuery(jobEventsQuery, readQuery(request.url))
  const header = request.headers["last-event-id"]
  if (typeof header === "string" && header !== "") {
    return decodeCursor(header) ?? fail(headerProblem({ name: "Last-Event-ID", detail }))
  }
  if (lastEventId === undefined) return null
  return decodeCursor(lastEventId) ?? fail(validationProblem([{ pointer: queryPointer("lastEventId"), code: "invalid_value", detail }]))
}

function fail(problem: Error): never {
  throw problem
}
