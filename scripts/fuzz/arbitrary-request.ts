import fc from "fast-check"
import { arbitraryOf } from "./arbitrary-of.ts"
import { damaged, nearly } from "./damage.ts"
import type { DescribedOperation, Parameter, Schema } from "./openapi.ts"

export type Kind = "valid" | "nearly" | "wild" | "raw"

/** A request as it is sent, but for the ids that are put in only then. */
export interface FuzzRequest {
  readonly kind: Kind
  /** Null where no operation is meant. */
  readonly operation: string | null
  readonly method: string
  /** `{id}` stands for an id of something that exists. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
  /** `tenant`: with the key, for one of a few tenants. */
  readonly caller: "tenant" | "nobody" | "stranger"
}

export interface RequestArbitraryOptions {
  readonly operations: readonly DescribedOperation[]
  readonly schemas: Readonly<Record<string, Schema>>
}

/** Requests to every operation: as it is described, nearly so, in no way so, and bytes that are no request at all. */
export function arbitraryRequest({ operations, schemas }: RequestArbitraryOptions): fc.Arbitrary<FuzzRequest> {
  const each = operations.map((operation) => arbitraryCall(operation, schemas))
  return fc.oneof({ arbitrary: fc.oneof(...each), weight: 94 }, { arbitrary: anywhere, weight: 4 }, { arbitrary: raw, weight: 2 })
}

const caller = fc.oneof(
  { arbitrary: fc.constant("tenant" as const), weight: 18 },
  { arbitrary: fc.constant("nobody" as const), weight: 1 },
  { arbitrary: fc.constant("stranger" as const), weight: 1 },
)

/** What may stand in a request line or a header. */
const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCodePoint(code)), maxLength: 40 })
const headerNames = [
  "prefer",
  "idempotency-key",
  "if-none-match",
  "accept",
  "traceparent",
  "x-request-id",
  "x-sluice-tenant",
  "content-encoding",
  "range",
  "cookie",
]
const wildHeaders = fc.dictionary(fc.constantFrom(...headerNames), visible, { maxKeys: 3 })
const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]

function arbitraryCall(operation: DescribedOperation, schemas: Readonly<Record<string, Schema>>): fc.Arbitrary<FuzzRequest> {
  const { id, method } = operation
  const valid = fc.record({
    kind: fc.constant<Kind>("valid"),
    operation: fc.constant(id),
    method: fc.constant(method),
    path: arbitraryPath(operation, schemas),
    headers: parametersIn(operation, "header", schemas).map(withoutControls),
    content: contentOf(operation, schemas),
    caller,
  })
  const asDescribed = valid.map(({ content, headers, ...rest }) => ({
    ...rest,
    headers: { ...headers, ...content.headers },
    body: encode(content.value),
  }))
  const nearlySo = fc
    .tuple(valid, fc.integer({ min: 0, max: 2 ** 30 }), fc.jsonValue({ maxDepth: 2 }), visible)
    .map(([request, at, value, more]) => {
      const { content, headers, path, ...rest } = request
      const query =
        at % 3 === 0 ? `${path.includes("?") ? "&" : "?"}${encodeURIComponent(more)}=${encodeURIComponent(JSON.stringify(value))}` : ""
      const body = content.value === undefined ? null : encode(nearly(content.value, { at, value }))
      return { ...rest, kind: "nearly" as const, path: path + query, headers: { ...headers, ...content.headers }, body }
    })
  const wild = fc.record({
    kind: fc.constant<Kind>("wild"),
    operation: fc.constant(null),
    method: fc.constantFrom(method, ...methods),
    path: fc.oneof(
      arbitraryPath(operation, schemas),
      visible.map((text) => operation.path.replaceAll(/\{\w+\}/g, () => text.replaceAll(/[?#]/g, ""))),
    ),
    headers: fc
      .tuple(wildHeaders, fc.constantFrom("application/json", "application/json", "application/x-ndjson", "text/plain", ""))
      .map(([headers, type]) => ({
        ...headers,
        ...(type !== "" && { "content-type": type }),
      })),
    body: fc.oneof(
      fc.constant(null),
      fc.jsonValue({ maxDepth: 4 }).map(encode),
      damaged(contentOf(operation, schemas).map(({ value }) => encode(value) ?? new Uint8Array())),
    ),
    caller,
  })
  return fc.oneof({ arbitrary: asDescribed, weight: 4 }, { arbitrary: nearlySo, weight: 4 }, { arbitrary: wild, weight: 3 })
}

const anywhere: fc.Arbitrary<FuzzRequest> = fc.record({
  kind: fc.constant<Kind>("wild"),
  operation: fc.constant(null),
  method: fc.constantFrom(...methods),
  path: fc
    .tuple(fc.constantFrom("/", "/v1/", "/v1/jobs/", "/problems/", "/docs/", "/admin/", "//", "/%"), visible)
    .map(([base, rest]) => base + rest.replaceAll("#", "")),
  headers: wildHeaders,
  body: fc.constant(null),
  caller,
})

/** Bytes of any kind, and request lines and headers that end in some. */
const bytes = fc.uint8Array({ minLength: 1, maxLength: 400 })
const raw: fc.Arbitrary<FuzzRequest> = fc.record({
  kind: fc.constant<Kind>("raw"),
  operation: fc.constant(null),
  method: fc.constant("GET"),
  path: fc.constant("/"),
  headers: fc.constant({}),
  body: fc.oneof(
    bytes,
    fc
      .tuple(
        fc.constantFrom(
          "GET / HTTP/1.1\r\nHost: a\r\n",
          "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
          "GET /v1/jobs ",
        ),
        bytes,
      )
      .map(([head, rest]) => new Uint8Array([...Buffer.from(head), ...rest])),
  ),
  caller: fc.constant("nobody" as const),
})

function arbitraryPath({ path, parameters }: DescribedOperation, schemas: Readonly<Record<string, Schema>>): fc.Arbitrary<string> {
  const named = parameters.filter(({ in: where }) => where === "path")
  // Mostly the id of something that exists: one by chance names nothing.
  const values = fc.record(
    Object.fromEntries(
      named.map(({ name, schema }) => {
        const any = arbitraryOf(schema, { schemas }).map((value) => encodeURIComponent(wellFormed(String(value))) || "x")
        return [name, fc.oneof({ arbitrary: fc.constant(`{${name}}`), weight: 6 }, { arbitrary: any, weight: 1 })]
      }),
    ),
  )
  const query = parametersIn({ parameters }, "query", schemas)
  return fc.tuple(values, query).map(([inPath, inQuery]) => {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => inPath[name] ?? "x")
    const search = new URLSearchParams(inQuery).toString()
    return search === "" ? filled : `${filled}?${search}`
  })
}

function parametersIn(
  { parameters }: { readonly parameters: readonly Parameter[] },
  where: Parameter["in"],
  schemas: Readonly<Record<string, Schema>>,
): fc.Arbitrary<Record<string, string>> {
  const named = parameters.filter((parameter) => parameter.in === where && parameter.name !== "x-sluice-tenant")
  const values = named.map(({ name, schema, example }) => {
    const described = arbitraryOf(schema, { schemas })
    const value = example === undefined ? described : fc.oneof(described, fc.constant(example))
    return [name, value.map((value) => bounded(name, wellFormed(String(value))))]
  })
  const given = fc.record<Record<string, string>>(Object.fromEntries(values), { requiredKeys: [] })
  return given.map((some) =>
    Object.fromEntries(Object.entries(some).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  )
}

/** Nobody waits for the ends of jobs here, which do not come. */
function bounded(name: string, value: string): string {
  if (name === "wait") return Number(value) > 0.02 ? "0.02" : value
  return name === "Prefer" ? "wait=0" : value
}

function contentOf({ bodies }: DescribedOperation, schemas: Readonly<Record<string, Schema>>) {
  const none = fc.constant<{ value: unknown; headers: Record<string, string> }>({ value: undefined, headers: {} })
  if (bodies.length === 0) return none
  const described = bodies.map(({ type, schema, examples }) => {
    const value =
      examples.length > 0
        ? fc.oneof({ arbitrary: arbitraryOf(schema, { schemas }), weight: 2 }, fc.constantFrom(...examples))
        : arbitraryOf(schema, { schemas })
    return value.map((value) => ({ value, headers: { "content-type": type } }))
  })
  return fc.oneof(...described)
}

function withoutControls(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll(/[^\x20-\x7e]/g, "")]))
}

function wellFormed(text: string): string {
  return text.toWellFormed()
}

function encode(value: unknown): Uint8Array | null {
  return value === undefined ? null : Buffer.from(JSON.stringify(value))
}
