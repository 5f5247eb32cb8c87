import { type AuditLog, drillRequest } from "@sluice/core"
import type { Drill, DrillOutcome } from "@sluice/engine"
import type { RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { originOf } from "../../middleware/origin-of.ts"
import { bodyProblem } from "../../problems/body-problem.ts"
import { budgetExhausted } from "../../problems/budget-exhausted.ts"
import { knownNames } from "../../problems/known-names.ts"
import { Problem } from "../../problems/problem.ts"
import { validationProblem } from "../../problems/validation-problem.ts"
import { sendJson } from "../../responses/send-json.ts"

export interface DrillHandlerDependencies {
  readonly drill: Drill
  readonly audit: AuditLog
}

/** `POST /v1/routes/{name}/drill`: 202 with one job for each tier, which that tier alone may answer. */
export function drillHandler({ drill, audit }: DrillHandlerDependencies): RequestHandler {
  return async function handleDrill(request, response) {
    const route = String(request.params.name)
    const { tenantId } = response.locals
    const parsed = drillRequest.safeParse(request.body)
    if (!parsed.success) throw bodyProblem(parsed.error, { body: request.body })
    const { input = null, task = null } = parsed.data
    await recordAudit(audit, response, { action: "route.drill", target: route })
    const jobs = jobsOf(await drill({ tenantId, route, input, task, ...originOf(response) }), { route, body: request.body })
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 202, body: { object: "drill", route, jobs } })
  }
}

type Submitted = Extract<DrillOutcome, { kind: "submitted" }>

function jobsOf(outcome: DrillOutcome, { route, body }: { readonly route: string; readonly body: unknown }): Submitted["jobs"] {
  switch (outcome.kind) {
    case "submitted":
      return outcome.jobs
    case "no_input": {
      const detail = `The route ${route} has no canary. Give an input, or set a canary in the configuration.`
      throw validationProblem([{ pointer: "#/input", code: "required", detail }])
    }
    case "invalid_input":
      throw bodyProblem(outcome.error, { body, at: ["input"] })
    case "budget_exhausted":
      throw budgetExhausted(outcome)
    case "route_unknown":
      throw new Problem({ code: "not_found", detail: knownNames({ what: "route", name: route, known: outcome.known }) })
  }
}
