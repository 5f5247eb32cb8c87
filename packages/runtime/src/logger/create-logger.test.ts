import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createLogger } from "./create-logger.ts"
import { addLogFields, withLogFields } from "./log-context.ts"

function capture(level: Parameters<typeof createLogger>[0]["level"] = "info", keepsContent = false) {
  const lines: string[] = []
  const logger = createLogger({ level, name: "worker", keepsContent, destination: { write: (line) => lines.push(line) } })
  const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? "")
  return { logger, lines, last }
}

describe("createLogger", () => {
  test("writes lines of JSON with level, time, name and message", () => {
    const { logger, lines, last } = capture()
    logger.info({ port: 3000 }, "ready")
    expect(last()).toMatchObject({ level: "info", name: "worker", msg: "ready", port: 3000, time: expect.stringMatching(/^\d{4}-.*Z$/) })
    expect(lines[0]?.endsWith("}\n")).toBe(true)
  })

  test("children carry their bindings", () => {
    const { logger, last } = capture()
    logger.child({ route: "chat" }).child({ jobId: "job_1" }).warn("slow")
    expect(last()).toMatchObject({ level: "warn", name: "worker", route: "chat", jobId: "job_1", msg: "slow" })
  })

  test("a level set later holds at once, for children that exist too", () => {
    const { logger, lines } = capture()
    const child = logger.child({ a: 1 })
    child.debug("unseen")
    expect(lines).toHaveLength(0)
    logger.level = "debug"
    child.debug("seen")
    expect(lines).toHaveLength(1)
    logger.level = "silent"
    child.fatal("unseen")
    expect(lines).toHaveLength(1)
  })

  test.each(["err", "error"])("writes an error under %s with its causes", (name) => {
    const { logger, last } = capture()
    logger.error({ [name]: new Error("outer", { cause: new Error("inner") }) }, "failed")
    expect(last()).toMatchObject({ [name]: { message: "outer", cause: { message: "inner" } } })
  })
})

describe("the fields of a request or a job", () => {
  const traceId = "0af7651916cd43dd8448eb211c80319c"

  test("are on every line that is logged in its course, whoever logs it, and on no other", async () => {
    const { logger, lines } = capture()
    const child = logger.child({ part: "driver" })
    await Promise.all(
      ["a", "b"].map((jobId) =>
        withLogFields({ jobId }, async () => {
          await Promise.resolve()
          addLogFields({ run: 1, traceId })
          child.info("under way")
        }),
      ),
    )
    logger.info("outside")
    const [a, b, outside] = lines.map((line) => JSON.parse(line))
    expect(a).toMatchObject({ jobId: "a", run: 1, traceId, part: "driver", msg: "under way" })
    expect(b).toMatchObject({ jobId: "b", run: 1, traceId })
    expect(outside).not.toHaveProperty("jobId")
  })

  test("are not on a line that names another job, and give way to those of the line", () => {
    const { logger, last } = capture()
    withLogFields({ jobId: "a", tenantId: "acme", traceId }, () => {
      logger.info({ jobId: "b" }, "of another")
      expect(last()).toMatchObject({ jobId: "b" })
      expect(last()).not.toHaveProperty("tenantId")
      logger.info({ jobId: "a", tenantId: "rival" }, "of its own")
      expect(last()).toMatchObject({ jobId: "a", tenantId: "rival", traceId })
    })
  })

  test("without a trace there is no word of one", () => {
    const { logger, last } = capture()
    withLogFields({ requestId: "req_1", traceId: null }, () => logger.info("untraced"))
    expect(last()).toMatchObject({ requestId: "req_1" })
    expect(last()).not.toHaveProperty("traceId")
  })
})

describe("redaction", () => {
  test("content that is logged on purpose stays; secrets do not", () => {
    const { logger, last } = capture("info", true)
    logger.info({ input: { messages: ["hello"], apiKey: "sk-123456789" } }, "job started")
    expect(last()).toMatchObject({ input: { messages: ["hello"], apiKey: "[redacted]" } })
  })

  const secretNames = [
    "apiKey",
    "api-key",
    "x-api-key",
    "OPENAI_API_KEY",
    "authorization",
    "Authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "password",
    "secret",
    "webhookSecret",
    "token",
    "accessToken",
    "adminKey",
    "private_key",
    "req.headers.cookie",
  ]
  const contentNames = ["input", "output", "messages", "prompt", "content", "texts", "body"]

  test.each([...secretNames, ...contentNames])("hides %s, bound, logged or nested", (name) => {
    const { logger, lines, last } = capture()
    logger.child({ [name]: "hunter2" }).info({ a: [{ b: { [name]: ["hunter2"] } }] }, "x")
    logger.info({ [name]: { deep: "hunter2" }, kept: 1 }, "x")
    expect(lines.join("")).not.toContain("hunter2")
    expect(last()).toMatchObject({ [name]: "[redacted]", kept: 1, msg: "x" })
  })

  test("keeps names that only resemble them, and says when there was nothing", () => {
    const { logger, last } = capture()
    const fields = { inputTokens: 3, maxOutputTokens: 5, tokens: 7, contentType: "text/plain", keyId: "k", cacheKey: "c", apiKey: null }
    logger.info(fields, 'about "input": 3')
    expect(last()).toMatchObject({ ...fields, msg: 'about "input": 3' })
  })

  test("hides what serializers and toJSON bring out", () => {
    const { logger, lines } = capture()
    logger.info({ req: { toJSON: () => ({ headers: { authorization: "hunter2" } }) } }, "request")
    logger.error({ err: Object.assign(new Error("x"), { apiKey: "hunter2" }) }, "failed")
    expect(lines.join("")).not.toContain("hunter2")
  })

  test("hides secrets in messages and errors", () => {
    const { logger, lines } = capture()
    logger.info("connecting to redis://:hunter2@cache")
    logger.error({ err: new Error("connect mongodb://u:hunter2@db", { cause: new Error("Bearer hunter2hunter2") }) })
    expect(lines).toHaveLength(2)
    expect(lines.join("")).not.toContain("hunter2")
  })

  test("hides a secret at any depth, and changes nothing else", () => {
    const secret = "hunter2-hunter2"
    const paths = fc.array(fc.oneof(fc.stringMatching(/^[a-e]$/), fc.constant("list")), { maxLength: 12 })
    fc.assert(
      fc.property(paths, fc.constantFrom(...secretNames, ...contentNames), fc.jsonValue({ maxDepth: 1 }), (path, name, beside) => {
        const nest = (leaf: unknown) =>
          path.reduceRight<unknown>((inner, segment) => (segment === "list" ? [beside, inner] : { [segment]: inner, beside }), leaf)
        const { logger, lines, last } = capture()
        logger.info({ data: nest({ [name]: secret }) }, "x")
        expect(lines[0]).not.toContain(secret)
        expect(last().data).toEqual(JSON.parse(JSON.stringify(nest({ [name]: "[redacted]" }))))
      }),
    )
  })
})
