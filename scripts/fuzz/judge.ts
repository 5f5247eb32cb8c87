import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import type { FuzzRequest } from "./arbitrary-request.ts"
import type { DescribedOperation, OpenapiDocument, Schema } from "./openapi.ts"
import type { Answer } from "./send.ts"

/** What is wrong with an answer; null when nothing is. */
export type Judge = (request: FuzzRequest, answer: Answer) => string | null

/** What the server says before there is a request, without a body. */
const bare: ReadonlySet<number> = new Set([408, 414, 431])

type ValidatorOf = (schema: Schema) => (value: unknown) => string | null

/** Holds answers against the API's own description. */
export function createJudge(document: OpenapiDocument, operations: readonly DescribedOperation[]): Judge {
  const validatorOf = createValidators(document, operations)
  const byId = new Map(operations.map((operation) => [operation.id, operation]))
  return ({ operation: id, kind, method }, answer) => {
    if (answer.status >= 500 && !saysServicesAreAway(answer)) return `status ${answer.status}: ${answer.body.toString().slice(0, 300)}`
    if (kind === "raw") return null
    const operation = id === null ? undefined : byId.get(id)
    return answerFault(method, answer) ?? (operation ? descriptionFault(operation, answer, validatorOf) : null)
  }
}

/**
 * On a machine that is short of time Redis and MongoDB may not answer the API within its patience, and to say so is right. How
 * many such answers a run may have is judged at its end.
 */
function saysServicesAreAway({ status, headers }: Answer): boolean {
  return status === 503 && headers["retry-after"] !== undefined
}

/** Of any answer, whatever was asked. A request that could not be read is refused before it has a name. */
function answerFault(method: string, { status, headers, body }: Answer): string | null {
  if (headers["x-request-id"] === undefined) return "there is no x-request-id"
  const isRead = status !== 400 || body.length > 0
  if (status < 400 || method === "HEAD" || !isRead || bare.has(status)) return null
  const type = headers["content-type"]
  return type === "application/problem+json" || status === 503 ? null : `a refusal came as ${type}`
}

/** Of an answer to a call that was meant for an operation. */
function descriptionFault(operation: DescribedOperation, { status, headers, body }: Answer, validatorOf: ValidatorOf): string | null {
  const media = operation.answers[status]
  if (!media) return status === 404 ? null : `the description of ${operation.id} has no answer ${status}`
  const type = headers["content-type"]?.split(";", 1)[0] ?? ""
  if (body.length === 0 || !type.endsWith("json")) return null
  const described = media[type]
  if (!described) return `the description of ${operation.id}, ${status}, has no ${type}`
  return described.schema ? validatorOf(described.schema)(JSON.parse(body.toString())) : null
}

/** Compiles all schemas now: the first requests would run out of their time meanwhile. */
function createValidators({ components }: OpenapiDocument, operations: readonly DescribedOperation[]): ValidatorOf {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: "document", components })
  const compiled = new Map<Schema, ValidateFunction>()
  for (const schema of schemasOf(operations)) compiled.set(schema, ajv.compile(referringTo("document", schema)))
  return (schema) => (value) => {
    const validate = compiled.get(schema)
    return validate?.(value) === false ? `the answer is not as described: ${ajv.errorsText(validate.errors)}` : null
  }
}

function schemasOf(operations: readonly DescribedOperation[]): Schema[] {
  const media = operations.flatMap(({ answers }) => Object.values(answers).flatMap((answer) => Object.values(answer)))
  return media.flatMap(({ schema }) => (schema ? [schema] : []))
}

/** The same with references into the document by its name, as they are resolved against the schema itself otherwise. */
function referringTo(name: string, schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${name}#/`))
}
