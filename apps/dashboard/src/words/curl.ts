import type { Metadata } from "@sluice/core"

/** What is submitted, as it is written to the wire. */
export interface Submission {
  readonly route: string
  readonly input: unknown
  readonly metadata?: Metadata | null | undefined
}

/** A text as one word of a POSIX shell. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Submits a job at a terminal; the key is taken from the environment, so that it can be pasted anywhere. */
export function curlOf(origin: string, request: Submission): string {
  return [
    `curl -s ${origin}/v1/jobs \\`,
    `  -H "authorization: Bearer $SLUICE_API_KEY" -H "content-type: application/json" -H "prefer: wait=20" \\`,
    `  -d ${shellQuote(JSON.stringify(request))}`,
  ].join("\n")
}

/** Submits a job and shows its text as it comes, by the client. */
export function sdkOf(origin: string, request: Submission): string {
  return `import { createClient } from "@sluice/client"

const sluice = createClient({ baseUrl: ${JSON.stringify(origin)}, apiKey: process.env.SLUICE_API_KEY ?? "" })
const request = ${JSON.stringify(request, null, 2)}

for await (const event of sluice.jobs.stream(request)) {
  if (event.type === "output.delta") process.stdout.write(event.text)
}`
}
