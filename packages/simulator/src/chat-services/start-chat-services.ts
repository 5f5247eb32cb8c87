import { once } from "node:events"
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http"
import { z } from "zod"
import { discordMessage } from "./discord-message.ts"
import { slackMessage } from "./slack-message.ts"

export type ChatService = "discord" | "slack" | "webhook"

export interface ReceivedMessage {
  readonly service: ChatService
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: unknown
  /** What is wrong with it by the service's documentation; then it was refused. Null: it was taken. */
  readonly fault: string | null
}

export interface ChatServices {
  /** Where each of them takes messages. */
  readonly urls: Readonly<Record<ChatService, string>>
  readonly received: readonly ReceivedMessage[]
  /** From now on each answers so, whatever it is sent; null: as it should. */
  setOutage(outage: { readonly status: number; readonly retryAfterSeconds?: number } | null): void
  stop(): Promise<void>
}

const schemas: Readonly<Record<ChatService, z.ZodType>> = { discord: discordMessage, slack: slackMessage, webhook: z.looseObject({}) }

/** Discord, Slack and any receiver of webhooks on the loopback interface: they take what the real ones take, and refuse the rest as they do. */
export async function startChatServices(): Promise<ChatServices> {
  const received: ReceivedMessage[] = []
  let outage: { readonly status: number; readonly retryAfterSeconds?: number } | null = null
  const server = createServer(async (request, response) => {
    const service = serviceOf(request.url)
    if (!service) return response.writeHead(404).end()
    const text = await textOf(request)
    if (outage) {
      const { status, retryAfterSeconds } = outage
      return response.writeHead(status, retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }).end("down")
    }
    const body = parsed(text)
    const fault = faultOf(service, { body, contentType: request.headers["content-type"] ?? "" })
    received.push({ service, headers: request.headers, text, body, fault })
    if (fault !== null)
      return response.writeHead(400).end(service === "slack" ? "invalid_blocks" : JSON.stringify({ code: 50_035, message: fault }))
    if (service === "slack") return response.writeHead(200).end("ok")
    return response.writeHead(204).end()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The chat services have no port")
  const urlOf = (path: string) => `http://127.0.0.1:${address.port}/${path}`
  return {
    urls: { discord: urlOf("api/webhooks/1/token"), slack: urlOf("services/T0/B0/token"), webhook: urlOf("hooks") },
    received,
    setOutage: (next) => {
      outage = next
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

function serviceOf(path = ""): ChatService | null {
  if (path.startsWith("/api/webhooks/")) return "discord"
  if (path.startsWith("/services/")) return "slack"
  return path === "/hooks" ? "webhook" : null
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString("utf8")
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function faultOf(service: ChatService, { body, contentType }: { readonly body: unknown; readonly contentType: string }): string | null {
  if (!contentType.startsWith("application/json")) return `The content type is ${contentType}`
  const result = schemas[service].safeParse(body)
  return result.success ? null : z.prettifyError(result.error)
}
