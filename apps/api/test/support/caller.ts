import { randomUUID } from "node:crypto"
import { type Answer, type Call, call } from "./call.ts"

/** The admin key of the processes under test. */
export const key = "sk_process_test"

export interface Caller {
  readonly tenantId: string
  call(request: Call): Promise<Answer>
  submit(job: unknown, headers?: Record<string, string>): Promise<Answer>
}

/** Someone with the key and a tenant of their own, whom other tests' jobs in the same database do not concern. */
export function newCaller(url: string): Caller {
  const tenantId = `t-${randomUUID()}`
  const common = { authorization: `Bearer ${key}`, "x-sluice-tenant": tenantId }
  const callAsTenant = (request: Call) => call(url, { ...request, headers: { ...common, ...request.headers } })
  return {
    tenantId,
    call: callAsTenant,
    submit: (job, headers) =>
      callAsTenant({
        method: "POST",
        path: "/v1/jobs",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(job),
      }),
  }
}
