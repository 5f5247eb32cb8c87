import { type AuditLog, type Batch, type BatchStore, type BlobStore, type FileStore, isOpenaiBatch, type StoredFile } from "@sluice/core"
import type { AddFile, BatchResults, RemoveFile } from "@sluice/engine"
import type { Request, RequestHandler, Response } from "express"
import type { OpenAI } from "openai"
import { z } from "zod"
import { recordAudit } from "../../audit/record-audit.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { pageOf } from "../../responses/page-of.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendLines } from "../../responses/send-lines.ts"
import { loadBlob } from "../../routes/jobs/load-blob.ts"
import { linesOfBatch } from "../batches/result-lines.ts"
import { secondsOf } from "../chat/chat-completion.ts"
import { invalidParameter, OpenaiError } from "../errors/openai-error.ts"
import { openaiNotFound } from "../errors/openai-not-found.ts"
import { type BatchFile, batchFileOf } from "./file-ids.ts"
import { readUpload } from "./read-upload.ts"

export interface FileHandlerDependencies {
  readonly files: FileStore
  readonly blobs: BlobStore
  readonly addFile: AddFile
  readonly removeFile: RemoveFile
  readonly batches: Pick<BatchStore, "find">
  readonly batchResults: BatchResults
  readonly audit: AuditLog
}

const dayMs = 86_400_000
/** As OpenAI keeps the files of batches. */
const defaultKeptMs = 30 * dayMs

const uploadFields = z.strictObject({
  purpose: z.literal("batch", { error: "Only files of purpose batch have a use here" }),
  "expires_after[anchor]": z.literal("created_at").optional(),
  "expires_after[seconds]": z.coerce.number().int().min(3_600).max(2_592_000).optional(),
})

/** `POST /openai/v1/files`: keeps a file of requests, for a batch. */
export function createFileHandler({ addFile, audit }: FileHandlerDependencies): RequestHandler {
  return async function handleCreateFile(request, response) {
    assertNoQuery(request.url)
    const { fields, ...upload } = await readUpload(request)
    const parsed = uploadFields.safeParse(fields)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw invalidParameter(issue?.path.join(".") || null, `${issue?.message ?? "The form is not valid"}.`)
    }
    const { purpose, "expires_after[seconds]": seconds } = parsed.data
    const keptMs = seconds === undefined ? defaultKeptMs : seconds * 1_000
    const file = await addFile({ tenantId: response.locals.tenantId, ...upload, purpose, keptMs })
    await recordAudit(audit, response, { action: "file.create", target: file.id, details: { bytes: file.bytes } })
    sendJson(response, { status: 200, body: presentFile(file) })
  }
}

const listQuery = z.strictObject({
  purpose: z.string().optional(),
  after: z.string().optional(),
  order: z.enum(["asc", "desc"]).default("desc"),
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
})

/** `GET /openai/v1/files`: what was uploaded, newest first. */
export function listFilesHandler({ files }: FileHandlerDependencies): RequestHandler {
  return async function handleListFiles(request, response) {
    const { purpose = null, after = null, order, limit } = parseQuery(listQuery, readQuery(request.url))
    const asked = { purpose, after, order: order === "asc" ? "oldest" : "newest", limit: limit + 1 } as const
    const { items, last } = pageOf(await files.list({ tenantId: response.locals.tenantId, ...asked }), limit)
    const ids = { first_id: items[0]?.id ?? null, last_id: items.at(-1)?.id ?? null }
    sendJson(response, { status: 200, body: { object: "list", data: items.map(presentFile), ...ids, has_more: last !== null } })
  }
}

/** `GET /openai/v1/files/{id}`: what is known of a file; also of one that a batch makes. */
export function getFileHandler(dependencies: FileHandlerDependencies): RequestHandler {
  return async function handleGetFile(request, response) {
    assertNoQuery(request.url)
    const made = batchFileOf(fileIdOf(request))
    const body = made
      ? presentBatchFile(fileIdOf(request), await batchOf(dependencies, made, response))
      : presentFile(await findFile(dependencies.files, { tenantId: response.locals.tenantId, id: fileIdOf(request) }))
    sendJson(response, { status: 200, body })
  }
}

/** `GET /openai/v1/files/{id}/content`: its bytes; those of a batch's results are read from its jobs as fast as they are taken. */
export function getFileContentHandler(dependencies: FileHandlerDependencies): RequestHandler {
  return async function handleGetFileContent(request, response) {
    assertNoQuery(request.url)
    const { tenantId } = response.locals
    const id = fileIdOf(request)
    const made = batchFileOf(id)
    const setHead = () => {
      response.setHeader("Cache-Control", "no-store")
      response.setHeader("Content-Disposition", `attachment; filename="${id}.jsonl"`)
      response.setHeader("Content-Type", "application/jsonl")
    }
    if (made) {
      const batch = await batchOf(dependencies, made, response)
      await sendLines({ request, response }, { lines: linesOfBatch({ batch, part: made.part, ...dependencies }), setHead })
      return
    }
    const file = await findFile(dependencies.files, { tenantId, id })
    const { bytes } = await loadBlob(dependencies.blobs, { tenantId, id: file.id })
    setHead()
    response.setHeader("Content-Length", bytes.byteLength)
    response.end(bytes)
  }
}

/** `DELETE /openai/v1/files/{id}`. What a batch makes goes with its jobs. */
export function deleteFileHandler({ files, removeFile, audit }: FileHandlerDependencies): RequestHandler {
  return async function handleDeleteFile(request, response) {
    assertNoQuery(request.url)
    const id = fileIdOf(request)
    if (batchFileOf(id)) throw keptByJobs()
    const ref = { tenantId: response.locals.tenantId, id }
    await findFile(files, ref)
    await recordAudit(audit, response, { action: "file.delete", target: id })
    await removeFile(ref)
    sendJson(response, { status: 200, body: { id, object: "file", deleted: true } satisfies OpenAI.FileDeleted })
  }
}

export async function findFile(
  files: Pick<FileStore, "find">,
  ref: { readonly tenantId: string; readonly id: string },
): Promise<StoredFile> {
  const file = await files.find(ref)
  if (file === null) throw fileNotFound()
  return file
}

async function batchOf({ batches }: FileHandlerDependencies, { batchId }: BatchFile, { locals }: Response): Promise<Batch> {
  const batch = await batches.find({ tenantId: locals.tenantId, id: batchId })
  if (batch === null || !isOpenaiBatch(batch)) throw fileNotFound()
  return batch
}

function fileIdOf({ params: { id } }: Request): string {
  if (typeof id !== "string" || !/^file-[0-9a-f]{32}(?:-output|-errors)?$/.test(id)) throw fileNotFound()
  return id
}

function fileNotFound(): OpenaiError {
  return openaiNotFound("There is no such file, or the key may not see it, or it has been removed after its time.")
}

function keptByJobs(): OpenaiError {
  const message = "The results of a batch are kept with its jobs, and go with them: see retention in docs/operations.md."
  return new OpenaiError({ status: 409, type: "invalid_request_error", code: "conflict", message, isRetried: false })
}

function presentFile({ id, bytes, filename, purpose, createdAt, expiresAt }: StoredFile) {
  const times = { created_at: secondsOf(createdAt), expires_at: secondsOf(expiresAt) }
  return { id, object: "file", bytes, ...times, filename, purpose, status: "processed", status_details: null }
}

/** How many bytes it will have is known when it is read. */
function presentBatchFile(id: string, { createdAt }: Batch) {
  const times = { created_at: secondsOf(createdAt), expires_at: null }
  return {
    id,
    object: "file",
    bytes: 0,
    ...times,
    filename: `${id}.jsonl`,
    purpose: "batch_output",
    status: "processed",
    status_details: null,
  }
}
