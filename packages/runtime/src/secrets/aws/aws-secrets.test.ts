import { createServer, type IncomingMessage, type Server } from "node:http"
import { text } from "node:stream/consumers"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { createCredentials } from "../create-credentials.ts"
import { createAwsSecrets } from "./aws-secrets.ts"

interface Asked {
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}

/** Speaks as much of AWS Secrets Manager as there is to `GetSecretValue`: JSON 1.1 over HTTP. */
interface FakeAws {
  readonly asked: Asked[]
  secrets: Record<string, object>
  /** Answers with this error instead. */
  fault: { readonly status: number; readonly type: string } | null
}

let server: Server
let aws: FakeAws

beforeEach(async () => {
  aws = { asked: [], secrets: {}, fault: null }
  server = createServer(async (request, response) => {
    const body = await text(request)
    aws.asked.push({ headers: request.headers, body })
    const secret = aws.secrets[JSON.parse(body).SecretId]
    const fault = aws.fault ?? (secret ? null : { status: 400, type: "ResourceNotFoundException" })
    response.writeHead(fault?.status ?? 200, { "content-type": "application/x-amz-json-1.1" })
    response.end(JSON.stringify(fault ? { __type: fault.type, message: "no" } : { Name: "prod", VersionId: "1", ...secret }))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address ? address.port : 0
  vi.stubEnv("AWS_REGION", "eu-central-1")
  vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", `http://127.0.0.1:${port}`)
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "example")
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true")
})

afterEach(async () => {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe("secrets of AWS", () => {
  test("are asked for as the API wants it, and signed", async () => {
    aws.secrets["prod/openai"] = { SecretString: '{"key":"sk-1"}' }
    expect(await createCredentials({ environment: {} }).resolve("aws-sm:prod/openai#key")).toBe("sk-1")
    expect(aws.asked).toHaveLength(1)
    expect(JSON.parse(aws.asked[0]?.body ?? "")).toEqual({ SecretId: "prod/openai" })
    expect(aws.asked[0]?.headers).toMatchObject({
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "secretsmanager.GetSecretValue",
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/secretsmanager\/aws4_request, SignedHeaders=\S+, Signature=[0-9a-f]{64}$/,
      ),
    })
  })

  test("a rotated one is used with the next call after the old one was rejected", async () => {
    const clock = { ms: 0 }
    const credentials = createCredentials({ environment: {}, now: () => clock.ms })
    aws.secrets.prod = { SecretString: "old" }
    expect(await credentials.resolve("aws-sm:prod")).toBe("old")
    aws.secrets.prod = { SecretString: "new" }
    clock.ms = 60_000
    expect(await credentials.resolve("aws-sm:prod")).toBe("old")
    expect(await credentials.resolve("aws-sm:prod", { rejected: "old" })).toBe("new")
    expect(aws.asked).toHaveLength(2)
  })

  test("many who ask at once make one request", async () => {
    aws.secrets.prod = { SecretString: "one" }
    const credentials = createCredentials({ environment: {} })
    const answers = await Promise.all(Array.from({ length: 50 }, () => credentials.resolve("aws-sm:prod")))
    expect(new Set(answers)).toEqual(new Set(["one"]))
    expect(aws.asked).toHaveLength(1)
  })

  test.each([
    ["ResourceNotFoundException", 400, /There is no such secret in this region\. Check its name/],
    ["AccessDeniedException", 400, /Access is denied\. Allow this process secretsmanager:GetSecretValue/],
    ["ThrottlingException", 400, /throttled/],
    ["DecryptionFailure", 400, /kms:Decrypt/],
    ["UnrecognizedClientException", 400, /does not accept the credentials/],
    ["InternalServiceError", 500, /cannot be asked \(InternalServiceError\)/],
  ])("%s is told as what it is", async (type, status, message) => {
    aws.fault = { status, type }
    await expect(createCredentials({ environment: {} }).resolve("aws-sm:prod#key")).rejects.toThrow(message)
    await expect(createCredentials({ environment: {} }).resolve("aws-sm:prod#key")).rejects.toThrow(/^Credential aws-sm:prod#key: /)
  })

  test("bytes are no text", async () => {
    aws.secrets.prod = { SecretBinary: Buffer.from("x").toString("base64") }
    await expect(createAwsSecrets().read("prod")).rejects.toThrow(/It holds bytes, not text/)
  })

  test("says that the region is missing", async () => {
    vi.stubEnv("AWS_REGION", undefined)
    vi.stubEnv("AWS_CONFIG_FILE", "/nowhere")
    await expect(createAwsSecrets().read("prod")).rejects.toThrow("AWS_REGION is not set. Set it to the region of the secret.")
  })
})
