import { deadLetterId, presentDeadLetter } from "@sluice/core"
import type { RequestHandler } from "express"
import { Problem } from "../../problems/problem.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendResource } from "../../responses/send-resource.ts"
import type { DeadLetterHandlerDependencies } from "./list-dead-letters.ts"

/** `GET /v1/dead-letters/{id}`. */
export function getDeadLetterHandler({ deadLetters, deadLetterRetentionMs }: DeadLetterHandlerDependencies): RequestHandler {
  return async function handleGetDeadLetter(request, response) {
    assertNoQuery(request.url)
    const id = deadLetterId.safeParse(request.params.id)
    const letter = id.success ? await deadLetters.find({ tenantId: response.locals.tenantId, id: id.data }) : null
    if (!letter) {
      const detail = "There is no such dead letter, or the key may not see it, or it has gone with its job."
      throw new Problem({ code: "not_found", detail })
    }
    sendResource(request, response, presentDeadLetter(letter, { retentionMs: deadLetterRetentionMs() }))
  }
}
