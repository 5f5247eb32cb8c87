import type { Request } from "express"
import { openaiNotFound } from "../errors/openai-not-found.ts"

/** The job behind a response; null for what cannot be an id of ours. */
export function jobIdOfResponse(id: string): string | null {
  return /^resp_[0-9a-f]{32}$/.test(id) ? id.replace(/^resp_/, "job_") : null
}

/** The job behind the response that the path names. */
export function responseJobIdOf({ params: { id } }: Request): string {
  const jobId = typeof id === "string" ? jobIdOfResponse(id) : null
  if (jobId === null) throw responseNotFound()
  return jobId
}

export function responseNotFound() {
  return openaiNotFound("There is no such response, or the key may not see it, or it has been removed after its retention.")
}
