import { endJob, errorTypes, type FinalJob } from "@sluice/core"
import { sampleFailure, sampleJob } from "@sluice/core/testing"
import { APIError, RateLimitError } from "openai"
import { expect, test } from "vitest"
import { errorOfJob } from "./error-of-job.ts"

function failedWith(type: (typeof errorTypes)[number], retryable = true): Exclude<FinalJob, { status: "succeeded" }> {
  const { error, ...ending } = sampleFailure()
  const job = endJob(sampleJob(), { ...ending, status: "failed", error: { ...error, type, retryable } })
  if (job.status === "succeeded") throw new Error("It failed.")
  return job
}

/** As the official client reads it. */
function raised(job: Parameters<typeof errorOfJob>[0]): APIError {
  const error = errorOfJob(job)
  return APIError.generate(error.status, error.body(), undefined, new Headers(error.headers))
}

test("a job that its providers' rate limits kept from an answer is a RateLimitError that says when to come back", () => {
  const error = raised(failedWith("rate_limited"))
  expect(error).toBeInstanceOf(RateLimitError)
  expect(error).toMatchObject({ code: "rate_limit_exceeded", type: "rate_limit_error" })
  expect(error.headers?.get("retry-after")).toBe("5")
})

test.each(errorTypes)("%s has a status of an error, and says when to come back if it is 429 or 503", (type) => {
  const { status, headers } = errorOfJob(failedWith(type))
  expect(status).toBeGreaterThanOrEqual(400)
  expect(headers["Retry-After"] !== undefined).toBe(status === 429 || status === 503)
})
