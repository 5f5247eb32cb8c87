import type { FuzzRequest } from "./arbitrary-request.ts"
import type { DescribedOperation } from "./openapi.ts"

/** A call as its description shows it: the first example of its body, and no parameters that may be left out. */
export function exampleRequest({ id, method, path, bodies }: DescribedOperation): FuzzRequest {
  const [body] = bodies
  return {
    kind: "valid",
    operation: id,
    method,
    path,
    headers: body ? { "content-type": body.type } : {},
    body: body ? Buffer.from(JSON.stringify(body.examples[0])) : null,
    caller: "tenant",
  }
}
