import { maxWaitSeconds } from "@sluice/core"

/** Markdown, at the head of the documentation. */
export const introduction = `Jobs for language, embedding and image models go in over HTTP, wait in line, and come to exactly one end.

- **JSON in UTF-8**, as it is or packed with gzip, deflate or br. Fields and query parameters that are not known are an error, so that a typing error is found out.
- Timestamps are ISO 8601 in UTC, durations are milliseconds and end in \`Ms\`, ids have a prefix (\`job_\`, \`dl_\`, \`whe_\`).
- Every key of an answer is always there, null when it has nothing to say, unless it is marked as optional.
- **Lists** are pages of \`{data, nextCursor}\`. Give \`nextCursor\` back as \`cursor\` until it is null.
- **Waiting**: \`wait\` (seconds, at most ${maxWaitSeconds}) answers at the end of a job, if that is in time.
- **Problems** are \`application/problem+json\` (RFC 9457). \`code\` is stable, \`type\` leads to an explanation, and \`errors\` points at each field that is wrong. Every 429 and 503 has \`Retry-After\`.
- **Limits** of a tenant that has some are in every answer to its keys: \`RateLimit-Policy\` says what it may do, \`RateLimit\` what is left. Beyond them the answer is 429 with \`Retry-After\`.
- Every answer has \`x-request-id\`, yours if you sent one. It names the request in the logs.
- HEAD is answered as GET without the body, OPTIONS with the methods of an address, and any other method with \`method_not_allowed\`.
`
