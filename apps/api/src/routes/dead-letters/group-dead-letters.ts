import { deadLetterGroupsQuery } from "@sluice/core"
import type { GroupDeadLetters } from "@sluice/engine"
import type { RequestHandler } from "express"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { splitMetadata } from "../../queries/split-metadata.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { filterOf } from "./list-dead-letters.ts"

export interface GroupHandlerDependencies {
  readonly groupDeadLetters: GroupDeadLetters
}

/** `GET /v1/dead-letters/groups`: by all that they have in common, with the words of one of each. */
export function groupDeadLettersHandler({ groupDeadLetters }: GroupHandlerDependencies): RequestHandler {
  return async function handleGroupDeadLetters(request, response) {
    const { metadata, others } = splitMetadata(readQuery(request.url))
    const causes = parseQuery(deadLetterGroupsQuery, others)
    sendResource(request, response, await groupDeadLetters({ ...filterOf(causes), metadata, tenantId: response.locals.tenantId }))
  }
}
