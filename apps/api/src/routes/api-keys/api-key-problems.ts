import { type ApiKey, statusOfKey } from "@sluice/core"
import type { CreateKeyOutcome, RevokeKeyOutcome, RotateKeyOutcome } from "@sluice/engine"
import { scopeMissing } from "../../middleware/require-scope.ts"
import { Problem } from "../../problems/problem.ts"
import { validationProblem } from "../../problems/validation-problem.ts"

export function keyNotFound(): Problem {
  return new Problem({ code: "not_found", detail: "There is no such API key, or the key may not see it." })
}

export function refusalOfCreation(outcome: Exclude<CreateKeyOutcome, { kind: "made" }>, tenantId: string): Problem {
  switch (outcome.kind) {
    case "beyond":
      return beyond(outcome.scopes)
    case "tenant_unknown": {
      const detail = `There is no tenant ${tenantId}. Make it by POST /v1/tenants, or declare it in sluice.yaml.`
      return new Problem({ code: "not_found", detail })
    }
    case "invalid_expiry": {
      const { latest } = outcome
      const bound = latest ? `, and not after ${latest.toISOString()}, when the key that makes it expires` : ""
      return validationProblem([{ pointer: "#/expiresAt", code: "invalid_value", detail: `Expected a time to come${bound}.` }])
    }
  }
}

export function refusalOfRotation(outcome: Exclude<RotateKeyOutcome, { kind: "made" }>): Problem {
  switch (outcome.kind) {
    case "beyond":
      return beyond(outcome.scopes)
    case "missing":
      return keyNotFound()
    case "ended":
      return new Problem({ code: "conflict", detail: `The key ${endOf(outcome.key)}, so it cannot be rotated. Make a new one.` })
  }
}

export function refusalOfRevocation(outcome: Exclude<RevokeKeyOutcome, { kind: "revoked" }>): Problem {
  return outcome.kind === "beyond" ? beyond(outcome.scopes) : keyNotFound()
}

/** Who may make keys may give no more than they have, nor learn the secret of a key that has more. */
function beyond(scopes: readonly string[]): Problem {
  return scopeMissing(scopes)
}

function endOf(key: ApiKey): string {
  return statusOfKey(key, new Date()) === "expired" ? "has expired" : "is revoked"
}
