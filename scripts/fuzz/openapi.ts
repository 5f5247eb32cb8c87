/** As much of OpenAPI 3.1 as the API's description uses. */
export type Schema = Readonly<Record<string, unknown>>

export interface Parameter {
  readonly in: "path" | "query" | "header"
  readonly name: string
  readonly required?: boolean
  readonly schema: Schema
  readonly example?: unknown
}

export interface MediaType {
  readonly schema?: Schema
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

export interface ResponseObject {
  readonly content?: Readonly<Record<string, MediaType>>
}

export interface OperationObject {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, MediaType>> }
  readonly responses: Readonly<Record<string, ResponseObject | { readonly $ref: string }>>
}

export interface OpenapiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly responses: Readonly<Record<string, ResponseObject>>
  }
}

export interface DescribedOperation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly bodies: readonly { readonly type: string; readonly schema: Schema; readonly examples: readonly unknown[] }[]
  /** By status, and of each by media type. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, MediaType>>>>
}

/** The operations of a document, with references to shared answers followed. */
export function operationsOf({ paths, components }: OpenapiDocument): DescribedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId, parameters = [], requestBody, responses }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
      parameters,
      bodies: Object.entries(requestBody?.content ?? {}).map(([type, { schema = {}, examples = {} }]) => ({
        type,
        schema,
        examples: Object.values(examples).map(({ value }) => value),
      })),
      answers: Object.fromEntries(
        Object.entries(responses).map(([status, response]) => {
          const found = "$ref" in response ? components.responses[response.$ref.split("/").at(-1) ?? ""] : response
          return [status, found?.content ?? {}]
        }),
      ),
    })),
  )
}

/** As the running API serves it. */
export async function readDocument(url: string): Promise<OpenapiDocument> {
  const answer = await fetch(`${url}/openapi.json`)
  if (!answer.ok) throw new Error(`GET /openapi.json answered ${answer.status}.`)
  return JSON.parse(await answer.text())
}
